import type { InspectBatch, SeenMessage, SeenTransition, Watch } from '../../src/core/inspect.ts';
import type { TreeNode } from '../../src/core/tree.ts';
import type { ActorSystemHandle, sys } from '../../src/runtime/index.ts';
import { createMemory, type FeedMemory } from './feed-memory.ts';
import type { LetterBox, LostMessage } from './letter-box.ts';
import { shownLetter } from './letters.ts';
import type { LoopMeter } from './loop-meter.ts';
import { originsIn } from './origins-in.ts';
import type { Show } from './show.ts';
import { standingOf } from './standing.ts';
import { createOutline, type TreeOutline } from './tree-outline.ts';

export interface FeedOptions {
  readonly system: () => ActorSystemHandle;
  readonly show: Show;
  readonly letters: LetterBox;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Calls `work` again and again; returns what ends it. */
  readonly every: (ms: number, work: () => void) => () => void;
  readonly startLoopMeter: () => LoopMeter;
}

/** What happens in the tree, to whoever watches it. While nobody does, nothing is attached and nothing is kept. */
export interface Feed {
  watch(watch: Watch, listener: (batch: InspectBatch) => void): () => void;
  /** What was seen of an actor, oldest first. */
  recent(path: string): readonly SeenTransition[];
}

/** Short enough to look live, long enough to send many things at once. */
const BATCH_MS = 80;
/** In batches: how often the tree is looked at, and how often a pulse is told. */
const TREE_EVERY = 3;
const PULSE_EVERY = 12;
/** Of each kind, in one batch to one watcher: 6,000 a second. */
const MOST_IN_BATCH = 500;

interface Watcher {
  readonly watch: Watch;
  readonly listener: (batch: InspectBatch) => void;
  readonly tree: TreeOutline;
  transitions: SeenTransition[];
  messages: SeenMessage[];
  letters: LostMessage[];
  dropped: number;
}

export function createFeed(options: FeedOptions): Feed {
  const { system, show, letters, now, every } = options;
  const watchers = new Set<Watcher>();
  let recording: { readonly memory: FeedMemory; readonly loop: LoopMeter; stop(): void } | undefined;
  let seq = 0;
  let ticks = 0;

  function start(): NonNullable<typeof recording> {
    const memory = createMemory();
    const loop = options.startLoopMeter();
    const ends = [
      system().record((fact) => take(fact, memory)),
      letters.watch((letter) => {
        for (const watcher of watchers) offer(watcher, 'letters', letter);
      }),
      every(BATCH_MS, () => tick(memory, loop)),
      loop.stop,
    ];
    return {
      memory,
      loop,
      stop: () => {
        for (const end of ends) end();
      },
    };
  }

  function take(fact: sys.RuntimeFact, memory: FeedMemory): void {
    if (fact.kind === 'transition') seen(fact, memory);
    if (fact.kind === 'message') said(fact);
  }

  function seen(fact: sys.TransitionFact, memory: FeedMemory): void {
    const { actor, incarnation, event, from, to, taken } = fact;
    const isClose = [...watchers].some(({ watch }) => watch.actors.includes(actor));
    const standing = isClose ? standingOf(fact.ref, show, now()) : undefined;
    const durationMs = Math.round(fact.durationMs * 100) / 100;
    const place = { seq: ++seq, at: now(), actor, incarnation };
    const known = { ...place, event, from, to, taken, durationMs };
    const transition = standing ? { ...known, standing } : known;
    memory.add(known);
    for (const watcher of watchers) {
      const close = watcher.watch.actors.includes(actor);
      if (close || watcher.watch.transitions) offer(watcher, 'transitions', close ? transition : known);
    }
  }

  function said({ from, to, event }: Extract<sys.RuntimeFact, { kind: 'message' }>): void {
    const listening = [...watchers].filter(
      ({ watch, messages }) => watch.messages && messages.length < MOST_IN_BATCH,
    );
    seq++;
    if (listening.length === 0) {
      missed();
      return;
    }
    const origins = originsIn(event);
    const message: SeenMessage = {
      seq,
      at: now(),
      from: from ?? null,
      to,
      event: event.type,
      preview: show.preview(event),
      ...(origins.length > 0 && { origins }),
    };
    for (const watcher of listening) watcher.messages.push(message);
  }

  /** To make a preview that nobody can take would only slow the tree down. */
  function missed(): void {
    for (const watcher of watchers) if (watcher.watch.messages) watcher.dropped++;
  }

  function offer<K extends 'transitions' | 'letters'>(
    watcher: Watcher,
    kind: K,
    item: Watcher[K][number],
  ): void {
    const waiting: (typeof item)[] = watcher[kind];
    if (waiting.length < MOST_IN_BATCH) waiting.push(item);
    else watcher.dropped++;
  }

  function tick(memory: FeedMemory, loop: LoopMeter): void {
    ticks++;
    const tree =
      ticks % TREE_EVERY === 0 && [...watchers].some(({ watch }) => watch.tree) ? system().tree() : undefined;
    const pulse = ticks % PULSE_EVERY === 0 ? pulseOf(memory, loop) : undefined;
    for (const watcher of watchers) {
      const changed = tree && watcher.watch.tree && watcher.tree.changed(tree) ? tree : undefined;
      tell(watcher, changed, pulse);
    }
  }

  function pulseOf(memory: FeedMemory, loop: LoopMeter): NonNullable<InspectBatch['pulse']> {
    return { now: now(), loop: loop.read(), slowest: memory.slowest() };
  }

  function tell(watcher: Watcher, tree: TreeNode | undefined, pulse: InspectBatch['pulse']): void {
    const { transitions, messages, dropped } = watcher;
    const deadLetters = watcher.letters.map((letter) => shownLetter(letter, show));
    if (!tree && !pulse && transitions.length + messages.length + deadLetters.length + dropped === 0) return;
    Object.assign(watcher, { transitions: [], messages: [], letters: [], dropped: 0 });
    try {
      watcher.listener({
        ...(tree && { tree }),
        transitions,
        messages,
        deadLetters,
        ...(pulse && { pulse }),
        dropped,
      });
    } catch {
      leave(watcher);
    }
  }

  function leave(watcher: Watcher): void {
    if (!watchers.delete(watcher) || watchers.size > 0) return;
    recording?.stop();
    recording = undefined;
  }

  return {
    watch(watch, listener) {
      recording ??= start();
      const { memory, loop } = recording;
      const watcher: Watcher = {
        watch,
        listener,
        tree: createOutline(),
        transitions: [],
        messages: [],
        letters: [],
        dropped: 0,
      };
      watchers.add(watcher);
      const tree = watch.tree ? system().tree() : undefined;
      if (tree) watcher.tree.changed(tree);
      tell(watcher, tree, pulseOf(memory, loop));
      return () => leave(watcher);
    },
    recent: (path) => recording?.memory.of(path) ?? [],
  };
}
