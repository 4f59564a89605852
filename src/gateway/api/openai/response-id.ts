import type { PartStart } from '../../turns/turn-part.ts';

/** What an id stands for: a part of a turn, and the conversation it is in. Nothing of it has to be stored. */
export interface ResponsePlace {
  readonly conversationId: string;
  readonly start: PartStart;
}

export function responseId({ conversationId, start }: ResponsePlace): string {
  const part = start.kind === 'message' ? `m${start.inboxId}` : `d${start.approvalId}`;
  return `resp_${Buffer.from(`${part}\n${conversationId}`).toString('base64url')}`;
}

/** Undefined where it is no id of ours. */
export function readResponseId(id: string): ResponsePlace | undefined {
  const encoded = /^resp_([\w-]+)$/.exec(id)?.[1];
  if (encoded === undefined) return undefined;
  const found = /^([md])([^\n]+)\n([^\n]+)$/.exec(Buffer.from(encoded, 'base64url').toString());
  const [, kind, part, conversationId] = found ?? [];
  if (part === undefined || conversationId === undefined) return undefined;
  const start: PartStart =
    kind === 'm' ? { kind: 'message', inboxId: part } : { kind: 'decision', approvalId: part };
  return { conversationId, start };
}

const QUESTION = 'mcpr_';

/** The id of an open question, as an item of a response has it. */
export const questionId = (approvalId: string): string => QUESTION + approvalId;
export const approvalOf = (id: string): string => (id.startsWith(QUESTION) ? id.slice(QUESTION.length) : id);
