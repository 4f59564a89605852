import type { AnyActorRef } from 'xstate';
import type { Clock } from '../../src/core/clock.ts';
import type { ModelsDesk, ModelsStatus } from '../../src/core/models.ts';
import type { Model, ThinkingLevel } from '../../src/llm/index.ts';
import { type ActorSystemHandle, startInstance } from '../../src/runtime/index.ts';
import { MODEL_CALLS } from '../names.ts';
import { type AnswerCache, createAnswerCache } from './answer-cache.ts';
import { type Breakers, createBreakers } from './breakers.ts';
import { CANCELLED, type CallDesk, type CallOutcome } from './call-desk.ts';
import { countCalls } from './calls.ts';
import type { ModelChoice } from './choice.ts';
import { patiently } from './patiently.ts';
import { takeSlot } from './slot-queue.ts';

/** `answer`: what the user waits for; `aside`: routing, summaries, titles. */
export type Purpose = 'answer' | 'aside';

/** The language models of one running assistant, and what stands around them. */
export interface Models {
  /** The model that is asked first for answers, as things stand. Throws where none can be used. */
  current(): Model;
  /** What `current` is called, for people; `none` where there is none. */
  name(): string;
  /** Whom to ask, in this order. What is chosen meanwhile changes nothing about it. */
  chain(purpose: Purpose): readonly [Model, ...Model[]];
  /** How much models are to think, where the user said so. */
  thinking(): ThinkingLevel | undefined;
  /** Resolves when what the user chose and the keys in the vault are taken into account. */
  ready(): Promise<void>;
  readonly desk: ModelsDesk;
  /** Configuration has changed: which models are asked is decided anew. Rejects where that cannot be used. */
  reconsider(): Promise<void>;
  readonly breakers: Breakers;
  /** Undefined where no answers are kept. */
  readonly cache: AnswerCache | undefined;
  /** From 0 to below 1. */
  readonly random: () => number;
  /** Resolves when it is this call's turn. */
  takeSlot(call: AnyActorRef, signal: AbortSignal): Promise<void>;
  /** Takes a call along its road, as an actor of the tree. Rejects where that actor is lost on the way. */
  run(desk: CallDesk, purpose: Purpose, signal: AbortSignal): Promise<CallOutcome>;
  /** What the supervisor of the calls works with. */
  readonly input: ModelsInput;
  /** From now on calls go to this tree. */
  connect(system: Pick<ActorSystemHandle, 'whereis'>): void;
}

export interface ModelsInput {
  /** Calls that run at once. */
  readonly maxConcurrent: number;
  /** A call that takes none of its waiting messages for so long is lost. */
  readonly hungAfterMs: number;
}

export interface ModelsOptions extends ModelsInput {
  readonly choice: ModelChoice;
  readonly clock: Clock;
  /** How long an answer to an aside is kept for the same question; 0: not at all. */
  readonly cacheMs: number;
  readonly random?: () => number;
}

export function createModels(options: ModelsOptions): Models {
  const { choice, clock, cacheMs, maxConcurrent, hungAfterMs, random = Math.random } = options;
  let system: Pick<ActorSystemHandle, 'whereis'> | undefined;
  let calls = 0;
  const connected = Promise.withResolvers<void>();
  const tree = (): typeof system => system;
  const breakers = createBreakers(tree);

  async function run(desk: CallDesk, purpose: Purpose, signal: AbortSignal): Promise<CallOutcome> {
    // What goes on where the last process ended may ask before the whole tree stands.
    await connected.promise;
    const id = `${purpose}-${++calls}`;
    const call = await patiently(signal, () => startCall(tree(), desk, id));
    if (signal.aborted) {
      call?.send({ type: 'call.cancelled' });
      return CANCELLED;
    }
    if (!call) throw new Error('there is nobody to call the model');
    attend(call, desk, signal);
    return desk.outcome;
  }

  return {
    current: () => choice.chains().main[0],
    name() {
      try {
        return choice.chains().main[0].name;
      } catch {
        return 'none';
      }
    },
    chain(purpose) {
      const { main, cheap } = choice.chains();
      return purpose === 'answer' ? main : withoutRepeats(cheap, main);
    },
    thinking: () => choice.chains().thinking,
    ready: choice.ready,
    reconsider: choice.reconsider,
    desk: createModelsDesk(choice, breakers, () => ({ ...countCalls(system), maxConcurrent })),
    breakers,
    cache: cacheMs > 0 ? createAnswerCache(clock, cacheMs) : undefined,
    random,
    takeSlot: (call, signal) => takeSlot(tree, call, signal),
    run,
    input: { maxConcurrent, hungAfterMs },
    connect(running) {
      system = running;
      connected.resolve();
    },
  };
}

async function startCall(
  tree: Pick<ActorSystemHandle, 'whereis'> | undefined,
  desk: CallDesk,
  id: string,
): Promise<AnyActorRef | undefined> {
  const supervisor = tree?.whereis(MODEL_CALLS);
  const input = { desk, candidates: desk.candidates };
  const started = supervisor && (await startInstance(supervisor, input, { id }));
  return started?.ok ? started.value.ref : undefined;
}

/** Whoever waits for the call is answered, however its actor ends. */
function attend(ref: AnyActorRef, desk: CallDesk, signal: AbortSignal): void {
  const cancel = (): void => ref.send({ type: 'call.cancelled' });
  const ended = (): void => {
    signal.removeEventListener('abort', cancel);
    desk.defect(new Error('the call of the model was lost with its actor'));
  };
  ref.subscribe({ complete: ended, error: ended });
  if (signal.aborted) cancel();
  else signal.addEventListener('abort', cancel, { once: true });
}

function withoutRepeats(
  cheap: readonly Model[],
  main: readonly [Model, ...Model[]],
): readonly [Model, ...Model[]] {
  const [first, ...rest] = cheap;
  if (!first) return main;
  const named = new Map([...rest, ...main].map((model) => [model.name, model]));
  named.delete(first.name);
  return [first, ...named.values()];
}

/** A question to a provider that a person waits for, in milliseconds. */
const LONGEST_TEST_MS = 60_000;

function createModelsDesk(
  choice: ModelChoice,
  breakers: Breakers,
  counts: () => Pick<ModelsStatus, 'running' | 'waiting' | 'maxConcurrent'>,
): ModelsDesk {
  async function status(): Promise<ModelsStatus> {
    await choice.ready();
    const { main, cheap, thinking = null, chosen } = choice.chains();
    const states = (models: readonly Model[]) => models.map(({ name }) => breakers.stateOf(name));
    return { thinking, chosen, main: states(main), cheap: states(cheap), ...counts() };
  }
  return {
    status,
    async use(reference) {
      await choice.use(reference);
      return status();
    },
    async setThinking(level) {
      await choice.setThinking(level);
      return status();
    },
    list: (provider) => choice.list(provider, AbortSignal.timeout(LONGEST_TEST_MS)),
    providers: () => choice.providers(),
    test: (reference) => choice.test(reference, AbortSignal.timeout(LONGEST_TEST_MS)),
  };
}
