import type { Clock } from '../../core/clock.ts';
import { coerceError } from '../../core/errors.ts';
import { err, ok, type Result } from '../../core/result.ts';
import type { Database } from '../../storage/index.ts';
import { embedAll } from './embed-all.ts';
import { createEmbedder, type Embedder, type EmbedderParts, type EmbedTrouble } from './embedder.ts';
import { createIndexing } from './indexing.ts';
import { type KeptModel, keepModel } from './models.ts';
import { quantise } from './quantise.ts';
import { createQueryVectors } from './query-vectors.ts';
import { type Counts, countVectors } from './rows.ts';
import { createExactSearch } from './search/exact-search.ts';
import { createIndexSearch } from './search/neighbour-index.ts';
import type { Search, SearchQuestion } from './search/search.ts';
import { type EmbeddingModel, embeddingModelName } from './settings.ts';
import type { Nearest, NearestOptions, Vectors } from './vectors.ts';
import { createVectorThread } from './worker/thread.ts';

export interface VectorsOptions extends Omit<EmbedderParts, 'thread' | 'clock'> {
  readonly database: Database;
  readonly clock: Clock;
  /** Undefined: vectors are off, and those that there are stay as they are. */
  readonly model: EmbeddingModel | undefined;
  /** Tells this process from others on the same database. */
  readonly holder: string;
  /** The thread with model and vectors ends when nothing was asked for so long. 120,000 where not given. */
  readonly idleMs?: number;
  /** Told when the thread has ended and V8 holds memory that nobody needs. */
  readonly onRested?: () => void;
}

const IDLE_MS = 120_000;

/** Questions whose vectors are kept. */
const KEPT_QUESTIONS = 300;

/** A question is searched by its beginning. */
const MAX_QUERY_CHARACTERS = 1200;

/** How long it is taken for granted which vectors there are; while some are missing, they soon are not. */
const FRESH_MS = 30_000;
const FRESH_WHILE_MISSING_MS = 2_000;

interface QueryVector {
  readonly query: Int8Array;
  readonly speaks: number;
}

/** Which vectors are searched at the moment. */
interface View {
  readonly model: KeptModel;
  readonly counts: Counts;
  readonly at: number;
}

type Found = Omit<Nearest, 'beside'> & { readonly beside: Promise<Nearest['beside'] | undefined> };

const NOTHING: Promise<readonly number[]> = Promise.resolve([]);

const isFresh = ({ at, counts }: View, now: number): boolean =>
  now - at < (counts.embedded < counts.chunks ? FRESH_WHILE_MISSING_MS : FRESH_MS);

export function createVectors(options: VectorsOptions): Vectors {
  const { model } = options;
  return model === undefined ? NO_VECTORS : createFor(model, options);
}

const NO_VECTORS: Vectors = {
  model: undefined,
  embed: async () => err(OFF),
  nearest: async () => undefined,
  status: async () => ({ embedded: 0, pending: 0 }),
  look: async () => false,
  index: async () => ok(undefined),
  rest: async () => {},
};

const OFF = {
  kind: 'off',
  message: 'Vectors are off. Set embeddings.provider to `embedded` or to a provider of models.',
} as const;

function createFor(wanted: EmbeddingModel, options: VectorsOptions): Vectors {
  const { database, clock, holder, idleMs = IDLE_MS, onRested = () => {} } = options;
  const thread = createVectorThread({ idleMs, onEnded: onRested });
  const embedderOf = createEmbedders({ ...options, thread });
  const exact = createExactSearch(database, thread);
  const byIndex = createIndexSearch(database);
  const questions = createQueryVectors<QueryVector>(KEPT_QUESTIONS);
  const name = embeddingModelName(wanted);
  let view: Promise<View> | undefined;
  let current: View | undefined;
  let questionTrouble: string | undefined;
  let indexingTrouble: string | undefined;

  function lookAnew(): void {
    view = undefined;
    current = undefined;
  }

  const indexing = createIndexing({
    database,
    clock,
    holder,
    model: wanted,
    embedderOf: (kept) => embedderOf(kept.model),
    onChanged: lookAnew,
  });

  async function readView(): Promise<View> {
    const models = await keepModel(database, wanted);
    const model = serving(models, name);
    return { model, counts: await countVectors(database, model), at: clock.now() };
  }

  async function renewView(): Promise<View> {
    const asked = readView();
    view = asked;
    try {
      const found = await asked;
      if (view === asked) current = found;
      return found;
    } finally {
      if (view === asked) view = undefined;
    }
  }

  /** What was so a moment ago will do, while it is read anew. */
  async function recentView(): Promise<View> {
    if (!current) return view ?? renewView();
    if (!isFresh(current, clock.now()) && !view) renewView().catch(() => {});
    return current;
  }

  async function vectorOf(kept: KeptModel, text: string): Promise<QueryVector | undefined> {
    const query = text.slice(0, MAX_QUERY_CHARACTERS).toWellFormed();
    return questions.get(`${kept.id} ${query}`, async () => {
      const made = await embedderOf(kept.model).embed([query], NEVER);
      if (!made.ok) return note(made.error);
      questionTrouble = undefined;
      const [first] = made.value;
      const vector = first && quantise(first.vector);
      if (!vector || vector.length !== kept.dimensions) return undefined;
      return { query: vector, speaks: first.speaks };
    });
  }

  function note({ message }: EmbedTrouble): undefined {
    questionTrouble = message;
  }

  async function find(
    text: string,
    { limit, folder, beside = NOTHING }: NearestOptions,
  ): Promise<Found | undefined> {
    const { model, counts } = await recentView();
    if (counts.embedded === 0 || text.trim() === '') return undefined;
    const vector = await vectorOf(model, text);
    if (!vector) return undefined;
    const { query, speaks } = vector;
    const question = { model, query, limit, folder, expected: counts.embedded };
    const others = beside
      .then((ids) => searchFor(question, (search) => search.similarities(question, ids)))
      .catch(noteFailure);
    const { candidates, places } = await searchFor(question, (search) => search.nearest(question));
    // Another process has put another model in the place of this one.
    if (candidates.length === 0 && folder === undefined) lookAnew();
    return {
      candidates,
      places,
      beside: others,
      covers: Math.min(1, counts.embedded / Math.max(1, counts.chunks)),
      speaks,
    };
  }

  /** An index that cannot be used (its extension was removed) is no reason to find nothing. */
  async function searchFor<T>({ model }: SearchQuestion, ask: (search: Search) => Promise<T>): Promise<T> {
    if (!model.indexed || database.kind !== 'postgres') return ask(exact);
    return ask(byIndex).catch(() => ask(exact));
  }

  function noteFailure(thrown: unknown): undefined {
    questionTrouble = `Vectors could not be searched: ${coerceError(thrown).message}`;
  }

  return {
    async nearest(query, options) {
      const found = await withinMs(find(query, options).catch(noteFailure), options.waitMs);
      // Those beside are waited for as long as it takes to find them.
      const beside = await found?.beside;
      return found && beside && { ...found, beside };
    },
    async status() {
      const kept = (await keepModel(database, wanted)).find((one) => one.name === name);
      const counts = kept ? await countVectors(database, kept) : { chunks: 0, embedded: 0 };
      const trouble = indexingTrouble ?? questionTrouble;
      return {
        model: name,
        embedded: counts.embedded,
        pending: counts.chunks - counts.embedded,
        ...(trouble === undefined ? {} : { trouble }),
      };
    },
    look: indexing.look,
    async index(signal) {
      const done = await indexing
        .pass(signal)
        .catch((thrown: unknown): Result<void, string> => err(coerceError(thrown).message));
      indexingTrouble = done.ok ? undefined : done.error;
      return done;
    },
    rest: thread.stop,
    model: name,
    embed: (texts, signal) => embedAll(embedderOf(wanted), texts, signal),
  };
}

const NEVER = new AbortController().signal;

/** The wanted model, unless another still has vectors of everything and it has not. */
function serving(models: readonly KeptModel[], name: string): KeptModel {
  const wanted = models.find((kept) => kept.name === name);
  const former = models.findLast((kept) => kept.name !== name && kept.complete);
  const found = wanted?.complete ? wanted : (former ?? wanted);
  if (!found) throw new Error(`there is no row of the model ${name}`);
  return found;
}

function createEmbedders(parts: EmbedderParts): (model: EmbeddingModel) => Embedder {
  const made = new Map<string, Embedder>();
  return (model) => {
    const name = embeddingModelName(model);
    const embedder = made.get(name) ?? createEmbedder(model, parts);
    made.set(name, embedder);
    return embedder;
  };
}

/** Undefined where it takes longer; what was begun goes on. */
async function withinMs<T>(work: Promise<T>, ms: number): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(resolve, ms, undefined);
  });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}
