import { expect, test } from 'vitest';
import { createActor, waitFor } from 'xstate';
import { type OfferedInput, type SessionDesk, sessionMachine } from '../machines/session.ts';
import type { TurnEvent } from '../machines/turn.ts';
import { durable } from '../src/runtime/durable/index.ts';
import { createHints } from './hints.ts';

const desk: SessionDesk = {
  load: async () => ({ unfinished: false, inputs: [], more: false }),
  refuse: async () => {},
  tell: async () => {},
  meaning: () => ({ wait: true }),
  turn: () => ({}),
  failed: () => {},
  rested: () => {},
};

const input = (inboxId: string): OfferedInput => ({
  inboxId,
  channel: 'test',
  input: { type: 'message', text: 'hello' },
});

test('a session that began with an input while it was coming is not told of it again, of others it is', async () => {
  const turn = durable<object, TurnEvent>(() => ({
    state: 'thinking',
    begin: () => ({}),
    step: async () => ({}),
    factOf: (event) => ({ event }),
    effectDied: () => ({}),
  }));
  const session = createActor(sessionMachine.provide({ actors: { turn } }), {
    input: { desk, idleMs: 60_000, queueLimit: 10 },
  });
  session.start();
  await waitFor(session, (snapshot) => snapshot.matches('idle'));
  const told: unknown[] = [];
  const hints = createHints();
  hints.connect({ whereis: () => session, send: (_, event) => told.push(event) > 0 });

  hints.inputComing('c', input('1'));
  hints.inputAccepted('c', input('1'));
  expect(told).toEqual([]);
  hints.inputAccepted('c', input('2'));
  expect(told).toEqual([{ type: 'inbound.accepted', conversationId: 'c', input: input('2') }]);
  session.stop();
});
