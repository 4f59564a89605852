import { expect, test } from 'vitest';
import type { GuestEnd } from '../pool/index.ts';
import { guestFailure } from './guest-failure.ts';
import { DEFAULT_CALL_LIMITS } from './services.ts';

type Broken = Exclude<GuestEnd, { kind: 'returned' | 'failed' }>;
type Reason = Extract<Broken, { kind: 'trapped' }>['reason'];

const REPORT = { fuelUsed: 0, memoryBytes: 0, logs: [], droppedLogs: 0 };
const told = (end: Broken) => guestFailure('probe', { ...end, ...REPORT }, DEFAULT_CALL_LIMITS);

test.each<[Reason, string]>([
  ['fuel', 'probe was stopped: it used up its 500 million units of work. Ask it for less at a time.'],
  ['memory', 'probe was stopped: it needs more memory than a tool may have. Ask it for less at a time.'],
  ['stack', 'probe was stopped: it called itself too deeply.'],
  ['output', 'probe was stopped: it returned more than 4 MiB. Ask it for less at a time.'],
  ['unreachable', 'probe crashed: panicked at lib.rs'],
  ['out-of-bounds', 'probe crashed: panicked at lib.rs'],
  ['host', 'probe crashed: panicked at lib.rs'],
  ['other', 'probe crashed: panicked at lib.rs'],
])('a guest that trapped by %s', (reason, message) => {
  expect(told({ kind: 'trapped', reason, message: 'panicked at lib.rs' })).toEqual({
    rule: `trap-${reason}`,
    message,
  });
});

test.each<[Broken, string, string]>([
  [{ kind: 'deadline' }, 'deadline', 'probe was stopped: it did not finish within 60 seconds.'],
  [{ kind: 'cancelled' }, 'cancelled', 'probe was stopped.'],
  [
    { kind: 'slot-lost', message: 'It died.' },
    'sandbox-restarted',
    'The sandbox had to be restarted while probe ran; what it did up to then may have taken effect. It died.',
  ],
  [
    { kind: 'unavailable', message: 'It is overloaded.' },
    'sandbox-unavailable',
    'probe could not be run: It is overloaded. Try again in a moment.',
  ],
])('a guest that did not return: $kind', (end, rule, message) => {
  expect(told(end)).toEqual({ rule, message });
});
