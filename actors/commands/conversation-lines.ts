import type { ConversationSummary } from '../../src/core/assistant.ts';
import { moment } from './moment.ts';

/** One line for each conversation: id, last activity, title. */
export function conversationLines(found: readonly ConversationSummary[], timeZone: string): string {
  return found
    .map(({ conversationId, lastActiveAt, title, busy }) => {
      const state = busy ? ' (busy)' : '';
      return `- \`${conversationId}\` ${moment(lastActiveAt, timeZone)} ${title ?? '(no title)'}${state}`;
    })
    .join('\n');
}
