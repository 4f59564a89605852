import type { SeenDeadLetter } from '../../src/core/inspect.ts';
import type { DeadLetter } from '../../src/storage/journal/index.ts';
import type { LostMessage } from './letter-box.ts';
import type { Show } from './show.ts';

export function shownLetter({ id, at, report }: LostMessage, show: Show): SeenDeadLetter {
  const { receiver, event, reason } = report;
  return {
    id,
    at,
    receiver,
    event: event.type,
    reason,
    preview: show.preview(event),
    notReplayable: reason === 'late-reply' ? 'It was an answer, and nobody waits for it any more.' : null,
  };
}

/** A step that was put aside because its actor crashed on it again and again. */
export function shownParked(
  { id, actorKey, event, error, parkedAt }: DeadLetter,
  show: Show,
): SeenDeadLetter {
  return {
    id: `p${id}`,
    at: Date.parse(parkedAt),
    receiver: actorKey,
    event: event.type,
    reason: show.text(error.split('\n', 1)[0] ?? '', 200),
    preview: show.preview(event),
    notReplayable: messagesOf(event).length > 0 ? null : NO_MESSAGE,
  };
}

const NO_MESSAGE =
  'It was no message of yours but a step of the turn that failed. Send your message again instead.';

/** What the user said with it, where it was a message. */
export function messagesOf(event: object): readonly string[] {
  if (!('messages' in event) || !Array.isArray(event.messages)) return [];
  return event.messages.flatMap((message: unknown) =>
    message instanceof Object &&
    'text' in message &&
    typeof message.text === 'string' &&
    !('origin' in message)
      ? [message.text]
      : [],
  );
}
