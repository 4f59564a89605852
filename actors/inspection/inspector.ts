import { catalogue } from '../../machines/catalogue.ts';
import type { ActorView, Chart, Inspector, InspectRefusal, TurnSummary } from '../../src/core/inspect.ts';
import type { JournalEntry } from '../../src/core/journal.ts';
import { err, ok, type Result } from '../../src/core/result.ts';
import type { TreeNode } from '../../src/core/tree.ts';
import { type ActorSystemHandle, sys } from '../../src/runtime/index.ts';
import { deadLetters, readTraits, readTurn, readTurnBounds } from '../../src/storage/journal/index.ts';
import { sessionKey } from '../conversation-key.ts';
import type { Environment } from '../environment.ts';
import { createFeed } from './feed.ts';
import { type FoldedTurn, foldTurn } from './fold-turn.ts';
import { createInterventions } from './interventions.ts';
import type { LetterBox } from './letter-box.ts';
import { shownLetter, shownParked } from './letters.ts';
import { startLoopMeter } from './loop-meter.ts';
import { createShow } from './show.ts';
import { standingOf } from './standing.ts';
import { turnReplay } from './turn-replay.ts';
import { turnSequence } from './turn-sequence.ts';
import { summaries } from './turn-summaries.ts';
import { turnTest } from './turn-test.ts';

export interface InspectorOptions {
  readonly env: Environment;
  readonly system: () => ActorSystemHandle;
  readonly letters: LetterBox;
  /** Calls `work` again and again; returns what ends it. */
  readonly every?: (ms: number, work: () => void) => () => void;
}

/** Looks inside of a running assistant. Whatever it shows has been redacted before. */
export async function createInspector(options: InspectorOptions): Promise<Inspector> {
  const { env, system, letters, every = repeat } = options;
  const { database, clock } = env;
  let isReady = false;
  await env.knownReady().then(
    () => {
      isReady = true;
    },
    (error: unknown) => env.log.warn({ err: error }, 'inspection shows no texts: secrets cannot be told'),
  );
  const show = createShow(env.leaks, () => isReady);
  const now = () => clock.now();
  const feed = createFeed({ system, show, letters, now, every, startLoopMeter });
  const charts = new Map<string, Chart>();

  function known(chart: Chart): Chart {
    charts.set(chart.hash, chart);
    return chart;
  }

  async function actor(path: string): Promise<Result<ActorView, InspectRefusal>> {
    const found = findNode(system().tree(), path);
    if (!found) return notFound(`There is no actor at ${path}.`);
    const ref = system().find(path);
    const live = ref && sys.machineOf(ref);
    const { children: _, ...node } = found;
    return ok({
      node,
      chart: live ? known(sys.chartOf(live.machine)).hash : null,
      standing: (ref && standingOf(ref, show, now())) ?? null,
      waiting: (ref ? sys.waitingEvents(ref) : [])
        .slice(0, MOST_WAITING)
        .map((event) => ({ event: event.type, preview: show.preview(event) })),
      recent: feed.recent(path),
    });
  }

  async function ofTurn<T>(
    conversationId: string,
    turnId: string,
    make: (entries: readonly JournalEntry[]) => T | Promise<T>,
  ): Promise<Result<T, InspectRefusal>> {
    const entries = await readTurn(database, sessionKey(conversationId), turnId);
    if (entries.length === 0) return notFound(`There is no turn ${turnId} in this conversation.`);
    return ok(await make(entries));
  }

  async function folded(conversationId: string, entries: readonly JournalEntry[]): Promise<FoldedTurn> {
    const traits = await readTraits(database, conversationId);
    return foldTurn(entries, {
      limits: env.settings.turn,
      channel: traits?.channel ?? '',
      effectOf: (tool) => env.tools.get(tool)?.effect ?? 'once',
    });
  }

  const allCharts = async (): Promise<readonly Chart[]> =>
    catalogue.map(({ machine }) => known(sys.chartOf(machine)));

  return {
    actor,
    charts: allCharts,
    async chart(hash) {
      if (!charts.has(hash)) await allCharts();
      return charts.get(hash);
    },
    watch: feed.watch,
    async turns(conversationId, limit): Promise<readonly TurnSummary[]> {
      return summaries(await readTurnBounds(database, sessionKey(conversationId), limit), show).slice(
        0,
        limit,
      );
    },
    replay: (conversationId, turnId) =>
      ofTurn(conversationId, turnId, async (entries) =>
        turnReplay(conversationId, await folded(conversationId, entries), entries, show),
      ),
    sequence: (conversationId, turnId) =>
      ofTurn(conversationId, turnId, (entries) => turnSequence(conversationId, turnId, entries, show)),
    asTest: (conversationId, turnId) =>
      ofTurn(conversationId, turnId, async (entries) =>
        turnTest(await folded(conversationId, entries), show),
      ),
    async deadLetters() {
      const parked = await deadLetters(database);
      const all = [
        ...letters.latest().map((letter) => shownLetter(letter, show)),
        ...parked.map((letter) => shownParked(letter, show)),
      ];
      return all.sort((a, b) => b.at - a.at);
    },
    ...createInterventions({ env, system, letters }),
  };
}

const MOST_WAITING = 20;

const notFound = (message: string) => err({ kind: 'not-found', message } as const);

function findNode(node: TreeNode, path: string): TreeNode | undefined {
  if (node.path === path) return node;
  const child = node.children.find((one) => path === one.path || path.startsWith(`${one.path}/`));
  return child && findNode(child, path);
}

function repeat(ms: number, work: () => void): () => void {
  const timer = setInterval(work, ms).unref();
  return () => clearInterval(timer);
}
