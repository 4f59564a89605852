import type { FastifyInstance } from 'fastify';
import { ApprovalAnswer, ApprovalRequest, GateRequest } from '../../../core/api/chat.ts';
import type { ApprovalState, Assistant } from '../../../core/assistant.ts';
import type { ApprovalDecision, JournalEntry } from '../../../core/journal.ts';
import { ok, type Result } from '../../../core/result.ts';
import { answerApproval } from '../../inputs.ts';
import type { ApiContext } from '../context.ts';
import { type ApiFailure, conflict, notFound, stale } from '../failure.ts';
import { addRoute } from '../route.ts';

const tag = 'chat';

interface Given {
  readonly request_id: string;
  readonly thread_id?: string | undefined;
  readonly reason?: string | undefined;
}

export function addApprovals(app: FastifyInstance, { assistant }: ApiContext): void {
  addRoute(app, {
    method: 'POST',
    url: '/api/chat/approval',
    tag,
    summary:
      'Answers a question. 409 where it was answered already, or is not asked any more: says how and when.',
    body: ApprovalRequest,
    answer: ApprovalAnswer,
    run: ({ body }) => decide(assistant, body, DECISIONS[body.action]),
  });
  addRoute(app, {
    method: 'POST',
    url: '/api/chat/gate/resolve',
    tag,
    summary: 'Answers a question, in other words.',
    body: GateRequest,
    answer: ApprovalAnswer,
    async run({ body }) {
      if (body.resolution === 'credential_provided') return conflict(NO_CREDENTIALS);
      return decide(
        assistant,
        body,
        body.resolution === 'approved' ? (body.always ? 'always' : 'once') : 'deny',
      );
    },
  });
}

export const DECISIONS: Readonly<Record<'approve' | 'always' | 'deny' | 'conversation', ApprovalDecision>> = {
  approve: 'once',
  always: 'always',
  deny: 'deny',
  conversation: 'conversation',
};

const NO_CREDENTIALS = 'No question waits for a credential. Store it as a secret at /api/secrets.';

/** So long an answer waits to be told what became of it; then it is only said to be on disk. */
const LONGEST_MS = 2_000;

type Answer = { status: 'accepted' | 'resolved'; message_id: string; thread_id: string };

export async function decide(
  assistant: Assistant,
  { request_id, thread_id, reason = '' }: Given,
  decision: ApprovalDecision,
): Promise<Result<Answer, ApiFailure>> {
  const asked = await assistant.approval(request_id);
  if (asked === undefined) return notFound('There is no such question.');
  if (thread_id !== undefined && thread_id !== asked.conversationId)
    return notFound('There is no such question in this thread.');
  if (asked.decision !== null) return stale(whyStale(asked));
  const conversationId = asked.conversationId;
  const end = watchForEnd(assistant, conversationId);
  try {
    const given = { conversationId, approvalId: request_id, decision, reason: reason === '' ? null : reason };
    const { inboxId } = await answerApproval(assistant, given);
    const outcome = await end.of(request_id, inboxId, decision);
    if (outcome === 'refused') return stale(await whyRefused(assistant, request_id));
    const status = outcome === 'taken' ? 'resolved' : 'accepted';
    return ok({ status, message_id: inboxId, thread_id: conversationId });
  } finally {
    end.stop();
  }
}

async function whyRefused(assistant: Assistant, approvalId: string): Promise<string> {
  const asked = await assistant.approval(approvalId);
  return asked === undefined || asked.decision === null
    ? 'This is not waited for any more.'
    : whyStale(asked);
}

function whyStale({ tool, decision, decidedAt, decisionReason }: ApprovalState): string {
  if (decision === 'withdrawn')
    return `The question about ${tool} was withdrawn at ${decidedAt}: its turn ended before it was answered. Nothing was run.`;
  const said = decisionReason === null ? '' : `, with the words "${decisionReason}"`;
  return `The question about ${tool} was answered before, at ${decidedAt}: ${IN_WORDS[decision ?? 'once']}${said}. That stands.`;
}

const IN_WORDS: Readonly<Record<ApprovalDecision, string>> = {
  once: 'allowed once',
  conversation: 'allowed in this thread',
  always: 'allowed always',
  deny: 'denied',
};

type Outcome = 'taken' | 'refused' | 'open';

/** Watching begins before the answer is given, so that what becomes of it cannot be missed. */
function watchForEnd(assistant: Assistant, conversationId: string) {
  const seen: JournalEntry[] = [];
  let look = () => {};
  const stop = assistant.watch(conversationId, (event) => {
    if (event.type === 'entry') seen.push(event.entry);
    look();
  });
  const of = (approvalId: string, inboxId: string, decision: ApprovalDecision) =>
    new Promise<Outcome>((resolve) => {
      const late = setTimeout(() => resolve('open'), LONGEST_MS);
      look = () => {
        const outcome = seen.map((entry) => outcomeIn(entry, approvalId, inboxId, decision)).find(Boolean);
        if (outcome === undefined) return;
        clearTimeout(late);
        resolve(outcome);
      };
      look();
    });
  return { of, stop };
}

function outcomeIn(
  entry: JournalEntry,
  approvalId: string,
  inboxId: string,
  decision: ApprovalDecision,
): Outcome | undefined {
  if (entry.type === 'approval.decided' && entry.approvalId === approvalId)
    return entry.decision === decision ? 'taken' : 'refused';
  return entry.type === 'input.refused' && entry.inboxId === inboxId ? 'refused' : undefined;
}
