import { notificationStatement } from '../../src/notifications/index.ts';
import { unitedOrigins } from '../../src/safety/index.ts';
import type { Statement } from '../../src/storage/index.ts';
import type { TurnScope } from '../turn-scope.ts';
import { agentOf } from '../turn-so-far.ts';

interface Question {
  readonly approvalId: string;
  readonly reason: string;
  readonly origins?: readonly string[];
}

/** Nobody looks into the conversation of a job: that it asks is told where the job was ordered. */
export function questionNotice(
  { env, transcript, conversationId }: TurnScope,
  { approvalId, reason, origins }: Question,
): readonly Statement[] {
  const order = agentOf(transcript.entries);
  if (!order?.mayAsk || order.purpose?.kind !== 'job') return [];
  const { id } = order.purpose;
  const notification = {
    kind: 'job.asks',
    key: `job/${id}/asks/${approvalId}`,
    from: `the job ${id}`,
    text: `It asks, and waits for your answer in its conversation ${conversationId}: ${reason}`,
    conversationId: order.parentConversationId || null,
    origins: unitedOrigins(order.origins, origins),
  } as const;
  return [notificationStatement(notification, env.clock.now())];
}
