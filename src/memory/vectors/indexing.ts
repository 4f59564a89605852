import type { Clock } from '../../core/clock.ts';
import { err, ok, type Result } from '../../core/result.ts';
import type { Database } from '../../storage/index.ts';
import type { Embedder, EmbedTrouble } from './embedder.ts';
import {
  dropModel,
  endLease,
  type KeptModel,
  keepModel,
  markComplete,
  settleDimensions,
  takeLease,
} from './models.ts';
import { quantise } from './quantise.ts';
import { lastChunk, type NewVectors, type PendingChunk, readPending, storeStatement } from './rows.ts';
import {
  dropIndex,
  indexStatement,
  markIndexed,
  prepareIndex,
  readUnindexed,
} from './search/neighbour-index.ts';
import { type EmbeddingModel, embeddingModelName } from './settings.ts';
import type { Embedded } from './worker/messages.ts';

/** Makes the vectors that are missing. What is missing stands in the database alone, so nothing of it can be lost. */
export interface Indexing {
  /** Whether there may be something to do. One query. */
  look(): Promise<boolean>;
  /**
   * Makes vectors until every chunk has one, then removes those of former models. Ends early, and well, where another
   * process is at it or the signal says so; otherwise with what went wrong, for people.
   */
  pass(signal: AbortSignal): Promise<Result<void, string>>;
}

export interface IndexingParts {
  readonly database: Database;
  readonly model: EmbeddingModel;
  readonly embedderOf: (model: KeptModel) => Embedder;
  readonly clock: Clock;
  /** Tells this process from others on the same database. */
  readonly holder: string;
  /** Told when vectors of another model count, or all that were missing are there. */
  readonly onChanged: () => void;
}

/**
 * A text that committed late may have a lower id than others that have their vectors; so seldom that it may wait.
 */
const SWEEP_MS = 600_000;

/** Chunks that are read at once. */
const SLICE = 64;

/** Vectors that are copied to a new index at once: some 0.2 s. */
const COPIED_AT_ONCE = 100;

export function createIndexing(parts: IndexingParts): Indexing {
  const { database, clock, holder } = parts;
  const refused = new Set<number>();
  /** Up to this chunk all have a vector, as far as is known. */
  let frontier = 0;
  let sweptAt = Number.NEGATIVE_INFINITY;
  let seen = -1;

  async function pass(signal: AbortSignal): Promise<Result<void, string>> {
    const models = await keepModel(database, parts.model);
    const current = models.find(({ name }) => name === embeddingModelName(parts.model));
    if (!current || !(await mayWork(current))) return ok(undefined);
    try {
      const last = await lastChunk(database);
      const worked = await embedAll(current, signal);
      if (!worked.ok || signal.aborted) return worked;
      frontier = last;
      seen = last;
      await markComplete(database, current);
      parts.onChanged();
      await dropOthers(models, current, signal);
      return refusal();
    } finally {
      parts.onChanged();
      await letGo(current);
    }
  }

  const mayWork = async (current: KeptModel): Promise<boolean> =>
    database.kind !== 'postgres' || (await takeLease(database, current, holder));

  async function letGo(current: KeptModel): Promise<void> {
    if (database.kind === 'postgres') await endLease(database, current, holder);
  }

  const refusal = (): Result<void, string> =>
    refused.size === 0 ? ok(undefined) : err(`The model made no vectors of ${refused.size} texts.`);

  async function embedAll(current: KeptModel, signal: AbortSignal): Promise<Result<void, string>> {
    const embedder = parts.embedderOf(current);
    const writer = createWriter(database, current);
    await writer.catchUp(signal);
    const isSweep = clock.now() - sweptAt >= SWEEP_MS;
    let after: number | undefined = isSweep ? 0 : frontier;
    while (after !== undefined && !signal.aborted) {
      if (!(await mayWork(current))) return ok(undefined);
      const slice = await readPending(database, current, after, SLICE);
      for (const batch of batches(slice.chunks, embedder.batch)) {
        if (signal.aborted) return ok(undefined);
        const done = await embedBatch(embedder, writer, batch, signal);
        if (!done.ok) return err(done.error.message);
      }
      after = slice.next;
    }
    if (isSweep && !signal.aborted) sweptAt = clock.now();
    return ok(undefined);
  }

  async function embedBatch(
    embedder: Embedder,
    writer: Writer,
    batch: readonly PendingChunk[],
    signal: AbortSignal,
  ): Promise<Result<void, EmbedTrouble>> {
    const chunks = batch.filter(({ id }) => !refused.has(id));
    if (chunks.length === 0) return ok(undefined);
    const made = await embedder.embed(
      chunks.map(({ text }) => text),
      signal,
    );
    if (made.ok) return writer.write(chunks, made.value);
    if (signal.aborted) return ok(undefined);
    if (made.error.kind === 'down') return err(made.error);
    return oneByOne(embedder, writer, chunks, signal, made.error);
  }

  /** One text that the model takes offence at must not keep the others from their vectors. */
  async function oneByOne(
    embedder: Embedder,
    writer: Writer,
    chunks: readonly PendingChunk[],
    signal: AbortSignal,
    trouble: EmbedTrouble,
  ): Promise<Result<void, EmbedTrouble>> {
    const offenders: number[] = [];
    for (const chunk of chunks) {
      const made = await embedder.embed([chunk.text], signal);
      if (signal.aborted) return ok(undefined);
      if (!made.ok && made.error.kind === 'down') return err(made.error);
      if (made.ok) {
        const written = await writer.write([chunk], made.value);
        if (!written.ok) return written;
      } else offenders.push(chunk.id);
    }
    const isItsFault = offenders.length === chunks.length && !(await works(embedder, signal));
    if (isItsFault) return err({ ...trouble, kind: 'down' });
    for (const id of offenders) refused.add(id);
    return ok(undefined);
  }

  /** Whether the model makes vectors of a text that nobody takes offence at. */
  const works = async (embedder: Embedder, signal: AbortSignal): Promise<boolean> =>
    (await embedder.embed(['Hello.'], signal)).ok;

  async function dropOthers(models: readonly KeptModel[], current: KeptModel, signal: AbortSignal) {
    for (const other of models) {
      if (other.id === current.id || signal.aborted) continue;
      await dropIndex(database, other);
      await dropModel(database, other, signal);
    }
  }

  return {
    async look() {
      const last = await lastChunk(database);
      return last !== seen || clock.now() - sweptAt >= SWEEP_MS;
    },
    pass,
  };
}

/** Stores the vectors of one model. */
interface Writer {
  write(chunks: readonly PendingChunk[], made: readonly Embedded[]): Promise<Result<void, EmbedTrouble>>;
  /** Brings the index up to what is stored, where there is an index. */
  catchUp(signal: AbortSignal): Promise<void>;
}

function createWriter(database: Database, model: KeptModel): Writer {
  let dimensions = model.dimensions;
  let indexed = false;

  async function settle(found: number): Promise<Result<number, EmbedTrouble>> {
    if (dimensions === undefined && (await settleDimensions(database, model, found))) {
      dimensions = found;
      indexed = await prepareIndex(database, model, found);
      if (indexed) await markIndexed(database, model);
    }
    return dimensions === found ? ok(found) : err(wrongDimensions(model, found, dimensions));
  }

  async function store(vectors: NewVectors): Promise<void> {
    const bytes = storeStatement(model, vectors);
    await database.commit(indexed ? [bytes, indexStatement(model, vectors)] : [bytes]);
  }

  return {
    async write(chunks, made) {
      const quantised = made.map(({ vector }) => quantise(vector));
      const [first] = quantised;
      if (!first || made.length !== chunks.length) return err(noDirection(model));
      const settled = await settle(first.length);
      if (!settled.ok) return settled;
      const vectors = new Int8Array(chunks.length * settled.value);
      for (const [row, vector] of quantised.entries()) {
        if (vector?.length !== settled.value) return err(noDirection(model));
        vectors.set(vector, row * settled.value);
      }
      await store({ ids: chunks.map(({ id }) => id), dimensions: settled.value, vectors });
      return ok(undefined);
    },
    async catchUp(signal) {
      if (dimensions === undefined) return;
      indexed = await prepareIndex(database, model, dimensions);
      while (indexed && !signal.aborted) {
        const { ids, vectors } = await readUnindexed(database, model, COPIED_AT_ONCE);
        if (ids.length === 0) return markIndexed(database, model);
        await database.commit([indexStatement(model, { ids, dimensions, vectors })]);
      }
    },
  };
}

function wrongDimensions({ name }: KeptModel, found: number, kept: number | undefined): EmbedTrouble {
  return {
    kind: 'down',
    message: `${name} answered with vectors of ${found} dimensions; those in memory have ${kept}. Set embeddings.model or embeddings.dimensions to what it is now.`,
  };
}

const noDirection = ({ name }: KeptModel): EmbedTrouble => ({
  kind: 'down',
  message: `${name} answered with vectors that are none: empty, of different lengths or not of numbers.`,
});

/** As many as fit into a request, one at least. */
function* batches(
  chunks: readonly PendingChunk[],
  most: Embedder['batch'],
): Generator<readonly PendingChunk[]> {
  let batch: PendingChunk[] = [];
  let characters = 0;
  for (const chunk of chunks) {
    const isFull = batch.length >= most.texts || characters + chunk.text.length > most.characters;
    if (batch.length > 0 && isFull) {
      yield batch;
      batch = [];
      characters = 0;
    }
    batch.push(chunk);
    characters += chunk.text.length;
  }
  if (batch.length > 0) yield batch;
}
