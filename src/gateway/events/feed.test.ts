import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Clock } from '../../core/clock.ts';
import { countedIds } from '../../core/ids.ts';
import type { SentEvent } from '../event-stream.ts';
import { createMemoryAssistant, type MemoryAssistant } from '../testing/memory-assistant.ts';
import type { EventSink } from './event-sink.ts';
import { feed } from './feed.ts';

const THREADS = ['a', 'b', 'c;:%', 'd'];

interface Reader {
  readonly events: readonly SentEvent[];
  readonly lastId: string | undefined;
  setCongested(congested: boolean): void;
  leave(): void;
}

interface World {
  readonly assistant: MemoryAssistant;
  readonly clock: Clock;
  advance(ms: number): void;
  read(lastEventId: string | undefined): Reader;
}

function createWorld(): World {
  let now = Date.UTC(2030, 0, 1);
  const clock = { now: () => now };
  const assistant = createMemoryAssistant({ clock, ids: countedIds() });
  return {
    assistant,
    clock,
    advance(ms) {
      now += ms;
    },
    read(lastEventId) {
      const events: SentEvent[] = [];
      const over = new AbortController();
      let congested = false;
      let waiting: (() => void)[] = [];
      const relieve = () => {
        const relieved = waiting;
        waiting = [];
        for (const resume of relieved) resume();
      };
      const sink: EventSink = {
        push(event) {
          if (!over.signal.aborted) events.push(event);
        },
        get congested() {
          return congested;
        },
        async ready() {
          await settle();
          while (congested && !over.signal.aborted) {
            await new Promise<void>((resolve) => waiting.push(resolve));
          }
        },
        ended: over.signal,
        end: () => over.abort(),
      };
      const log = { info() {}, warn() {}, error() {} };
      feed({ assistant, clock, log, sink }, { lastEventId });
      return {
        events,
        get lastId() {
          return events.findLast(({ id }) => id !== undefined)?.id;
        },
        setCongested(to) {
          congested = to;
          relieve();
        },
        leave() {
          over.abort();
          relieve();
        },
      };
    },
  };
}

const settle = () => new Promise<void>((resolve) => setImmediate(resolve));
const settleAll = async () => {
  for (let turn = 0; turn < 12; turn++) await settle();
};

/** What was told of the journal, as thread and number. */
const places = (events: readonly SentEvent[]): readonly string[] =>
  events.flatMap(({ data }) =>
    data instanceof Object && 'seq' in data && 'thread_id' in data ? [`${data.thread_id} ${data.seq}`] : [],
  );

type Step =
  | { readonly do: 'say' | 'wait'; readonly thread: string }
  | { readonly do: 'advance'; readonly ms: number }
  | { readonly do: 'reconnect' | 'slow' | 'fast' | 'settle' };

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constantFrom('say' as const), thread: fc.constantFrom(...THREADS) }),
  },
  fc.record({
    do: fc.constant('advance' as const),
    ms: fc.constantFrom(1, 1_000, 30_000, 61_000, 3_600_000),
  }),
  fc.record({
    do: fc.constantFrom('reconnect' as const, 'slow' as const, 'fast' as const, 'settle' as const),
  }),
);

describe('events of all threads', () => {
  test('however often a reader is cut off, it is told of every entry, and of none twice', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
        const world = createWorld();
        const told: string[] = [];
        let reader = world.read(undefined);
        await settleAll();
        let { lastId } = reader;
        let said = 0;
        for (const one of steps) {
          if (one.do === 'say') await say(world, one.thread, `${++said}`);
          if (one.do === 'advance') world.advance(one.ms);
          if (one.do === 'settle') await settleAll();
          if (one.do === 'slow' || one.do === 'fast') reader.setCongested(one.do === 'slow');
          if (one.do === 'reconnect') {
            told.push(...places(upToId(reader)));
            // As a browser does: the last id that it ever had.
            lastId = reader.lastId ?? lastId;
            reader.leave();
            reader = world.read(lastId);
          }
        }
        reader.setCongested(false);
        await settleAll();
        told.push(...places(reader.events));
        reader.leave();
        const wanted = (await Promise.all(THREADS.map((thread) => visible(world, thread)))).flat();
        expect([...new Set(told)].sort()).toEqual([...wanted].sort());
        expect(told).toHaveLength(eventsOf(wanted));
      }),
      { numRuns: 150 },
    );
  });

  /** An entry of which only some events came is told of again, so those do not count. */
  function upToId({ events }: Reader): readonly SentEvent[] {
    return events.slice(0, events.findLastIndex(({ id }) => id !== undefined) + 1);
  }

  async function say({ assistant }: World, thread: string, text: string): Promise<void> {
    const input = { type: 'message', text } as const;
    await assistant.accept({ channel: 'web', externalId: text, conversationId: thread, input });
  }

  /** Each turn of this assistant is four entries: it began, a model was asked, it answered, the reply. */
  async function visible({ assistant }: World, thread: string): Promise<readonly string[]> {
    const entries = await assistant.entries(thread, { after: 0, limit: 10_000 });
    return entries.map(({ seq }) => `${thread} ${seq}`);
  }

  /** Two, one, one and three of them. */
  const eventsOf = (entries: readonly string[]) => (entries.length / 4) * 7;

  test('an id stays short, however many threads there are', async () => {
    const world = createWorld();
    const reader = world.read(undefined);
    await settleAll();
    for (let thread = 0; thread < 1_000; thread++) {
      await say(world, `thread-${thread}`, `${thread}`);
      world.advance(1_000);
      await settle();
    }
    await settleAll();
    expect(reader.lastId?.length).toBeLessThan(2_000);
    reader.leave();
    expect(world.assistant.watchers('thread-999')).toBe(0);
  });
});
