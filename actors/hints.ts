import { knowsInput, type OfferedInput } from '../machines/session.ts';
import type { ActorSystemHandle } from '../src/runtime/index.ts';
import type { CursorChannelEvent } from './channels/cursor-channel.ts';
import type { SchedulerEvent } from './jobs/scheduler.ts';
import { keeperOf, type WorkFound } from './keeper.ts';
import { channelName, HEARTBEAT, NOTIFIER, ROUTER, ROUTINE_ENGINE, SCHEDULER, sessionName } from './names.ts';
import type { RouterEvent } from './router.ts';

/**
 * Wake-ups, given after a commit. They only save time: what was committed is found in the database all the same,
 * so a hint that nobody takes is no loss.
 */
export interface Hints {
  /**
   * An input that is about to be accepted. A conversation that is awake and has nothing to do may begin with it, as
   * long as whatever it commits cannot be written before the input is.
   */
  inputComing(conversationId: string, input: OfferedInput): void;
  inputAccepted(conversationId: string, input: OfferedInput): void;
  replyPrepared(channel: string, outboxId: string): void;
  /** The database has something to do for the durable actor with this key. */
  workFound(key: string): void;
  /** A job was ordered, or a slot may be free. */
  workOrdered(): void;
  /** A notification was committed. */
  notificationWritten(): void;
  /** A beat was asked for. */
  beatWanted(): void;
  /** Something may have to be done about routines; about this one, where it was made, changed or removed. */
  routinesChanged(routineId?: string): void;
  /** Whether any routine waits for what users say. */
  hearInputs(wanted: boolean): void;
  /** From now on hints go to this tree. */
  connect(system: Pick<ActorSystemHandle, 'send' | 'whereis'>): void;
}

export function createHints(): Hints {
  let system: Pick<ActorSystemHandle, 'send' | 'whereis'> | undefined;
  let areInputsHeard = false;
  return {
    inputComing(conversationId, input) {
      system?.whereis(sessionName(conversationId))?.send({ type: 'input.coming', input });
    },
    inputAccepted(conversationId, input) {
      if (areInputsHeard) system?.whereis(ROUTINE_ENGINE)?.send({ type: 'engine.woken' });
      // It has begun with it while it was coming: a second offer would change nothing.
      if (knowsInput(system?.whereis(sessionName(conversationId))?.getSnapshot(), input.inboxId)) return;
      const event: RouterEvent = { type: 'inbound.accepted', conversationId, input };
      system?.send(ROUTER, event);
    },
    replyPrepared(channel, outboxId) {
      const event: CursorChannelEvent = { type: 'outbox.prepared', outboxId };
      system?.send(channelName(channel), event);
    },
    routinesChanged(changed) {
      system?.whereis(ROUTINE_ENGINE)?.send({ type: 'engine.woken', ...(changed && { changed }) });
    },
    hearInputs(wanted) {
      areInputsHeard = wanted;
    },
    notificationWritten() {
      system?.whereis(NOTIFIER)?.send({ type: 'wake' });
    },
    beatWanted() {
      system?.whereis(HEARTBEAT)?.send({ type: 'beat.wanted' });
    },
    workFound(key) {
      const found: WorkFound = { type: 'work.found', key };
      system?.send(keeperOf(key), found);
    },
    workOrdered() {
      const ordered: SchedulerEvent = { type: 'job.ordered' };
      system?.send(SCHEDULER, ordered);
    },
    connect(tree) {
      system = tree;
    },
  };
}
