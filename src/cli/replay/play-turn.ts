import type { Assistant } from '../../core/assistant.ts';
import type { JournalEntry } from '../../core/journal.ts';
import type { ApprovalAnswer } from './approvals.ts';
import { follow } from './follow.ts';

/** Where a trace is played: one conversation with one assistant. */
export interface Scene {
  readonly assistant: Assistant;
  readonly conversationId: string;
  /** What the player says when it is asked. */
  readonly answer: ApprovalAnswer;
}

/** What happened in a turn, as far as it came. */
export interface Course {
  readonly entries: readonly JournalEntry[];
  /** Why it has no reply, where it has none. */
  readonly unfinished?: string;
}

/**
 * Says `text` in the conversation and answers what is asked, until the turn that took the message has replied.
 *
 * @param cursor sequence number of the last entry before this turn, 0 if there is none.
 * @param limitMs how long to wait for the reply, in milliseconds.
 */
export async function playTurn(scene: Scene, text: string, cursor: number, limitMs: number): Promise<Course> {
  const inboxId = await say(scene, `turn-after-${cursor}`, text);
  const limit = AbortSignal.timeout(limitMs);
  const entries: JournalEntry[] = [];
  try {
    for await (const entry of follow(scene.assistant, scene.conversationId, cursor, limit)) {
      entries.push(entry);
      if (entry.type === 'approval.requested') await answerApproval(scene, entry.approvalId);
      if (entry.type === 'input.refused' && entry.inboxId === inboxId) {
        return { entries, unfinished: `the message was refused: ${entry.reason}` };
      }
      if (entry.type === 'turn.replied' && entry.turnId === turnOf(entries, inboxId)) break;
    }
  } catch (thrown) {
    if (!limit.aborted) throw thrown;
    return { entries, unfinished: `no reply came within ${limitMs / 1000} s` };
  }
  return { entries };
}

function turnOf(entries: readonly JournalEntry[], inboxId: string): string | undefined {
  for (const entry of entries) {
    if (entry.type !== 'turn.began' && entry.type !== 'turn.steered') continue;
    if (entry.messages.some((message) => message.inboxId === inboxId)) return entry.turnId;
  }
  return undefined;
}

const CHANNEL = 'replay';

async function say(scene: Scene, externalId: string, text: string): Promise<string> {
  const { inboxId } = await scene.assistant.accept({
    channel: CHANNEL,
    externalId: `${scene.conversationId}/${externalId}`,
    conversationId: scene.conversationId,
    input: { type: 'message', text, mode: 'queue' },
  });
  return inboxId;
}

async function answerApproval(scene: Scene, approvalId: string): Promise<void> {
  const { assistant, conversationId, answer } = scene;
  if (answer.by === 'message') {
    await say(scene, approvalId, answer.text);
    return;
  }
  await assistant.accept({
    channel: CHANNEL,
    externalId: `${conversationId}/${approvalId}`,
    conversationId,
    input: { type: 'approval', approvalId, decision: answer.decision, reason: null },
  });
}
