import { type AnyActorRef, fromCallback } from 'xstate';
import type { OfferedInput, SessionInput } from '../machines/session.ts';
import { type System, send, startInstance, whereis } from '../src/runtime/index.ts';
import { conversationOf, sessionKey } from './conversation-key.ts';
import type { Environment } from './environment.ts';
import { SESSIONS, sessionName } from './names.ts';
import { Desk } from './session.ts';

export type RouterEvent =
  | { readonly type: 'inbound.accepted'; readonly conversationId: string; readonly input: OfferedInput }
  /** The database has work for this actor. */
  | { readonly type: 'work.found'; readonly key: string };

export interface RouterInput {
  readonly env: Environment;
}

/**
 * Brings what was accepted to its conversation: wakes the session where it sleeps, and tells it. What it does not
 * manage to tell is in the database, and is found there by the sweeper.
 */
export const router = fromCallback<RouterEvent, RouterInput>(({ input, receive, system }) => {
  receive((event) => {
    if (event.type === 'inbound.accepted') {
      tell(system, input.env, event.conversationId, { type: 'input.offered', input: event.input });
    } else {
      tell(system, input.env, conversationOf(event.key), { type: 'session.nudged' });
    }
  });
});

type SessionMessage =
  | { readonly type: 'input.offered'; readonly input: OfferedInput }
  | { readonly type: 'session.nudged' };

function tell(system: System, env: Environment, conversationId: string, message: SessionMessage): void {
  const name = sessionName(conversationId);
  if (whereis(system, name)) {
    send(system, name, message);
    return;
  }
  const supervisor = whereis(system, SESSIONS);
  if (supervisor) void wake(system, supervisor, env, conversationId, message);
}

async function wake(
  system: System,
  supervisor: AnyActorRef,
  env: Environment,
  conversationId: string,
  message: SessionMessage,
): Promise<void> {
  const started = await startInstance(supervisor, sessionInput(env, conversationId), {
    id: conversationId,
    name: sessionName(conversationId),
  });
  // One that is being restarted reads its open inputs when it is back.
  if (!started.ok && started.error.kind === 'already-present') return;
  if (!started.ok && started.error.kind !== 'already-started') {
    env.log.warn(
      { conversationId, reason: started.error.kind },
      'session not started; the sweeper will try again',
    );
    return;
  }
  // A session reads its open inputs when it starts; this is for what was accepted after that.
  send(system, sessionName(conversationId), message);
}

function sessionInput(env: Environment, conversationId: string): SessionInput {
  return {
    desk: new Desk(env, sessionKey(conversationId)),
    idleMs: env.settings.sessionIdleMs,
    queueLimit: QUEUE_LIMIT,
  };
}

/** Inputs that wait in memory; more wait in the database. */
const QUEUE_LIMIT = 100;
