import type { Queryable } from '../../storage/index.ts';
import { type EmbeddingModel, embeddingModelName } from './settings.ts';

/** A model whose vectors are in the database, or are to be. */
export interface KeptModel {
  readonly id: number;
  readonly name: string;
  readonly model: EmbeddingModel;
  /** Undefined until its first answer. */
  readonly dimensions: number | undefined;
  /** It had vectors of every chunk once. */
  readonly complete: boolean;
  /** The vector extension's index holds all of them. */
  readonly indexed: boolean;
}

interface ModelRow extends Record<string, unknown> {
  readonly id: number;
  readonly name: string;
  readonly settings: unknown;
  readonly dimensions: number | null;
  readonly complete: boolean;
  readonly indexed: boolean;
}

/** The models there are, the one that is wanted among them: it gets a row where it has none. */
export async function keepModel(database: Queryable, model: EmbeddingModel): Promise<readonly KeptModel[]> {
  const known = await readModels(database);
  const name = embeddingModelName(model);
  if (known.some((kept) => kept.name === name)) return known;
  await database.query(
    'insert into memory_model (name, settings) values ($1, $2::text::jsonb) on conflict (name) do nothing',
    [name, JSON.stringify(model)],
  );
  return readModels(database);
}

async function readModels(database: Queryable): Promise<readonly KeptModel[]> {
  const { rows } = await database.query<ModelRow>(
    'select id, name, settings, dimensions, complete, indexed from memory_model order by id',
  );
  return rows.flatMap(({ settings, dimensions, ...row }) => {
    const model = asModel(settings);
    return model ? [{ ...row, model, dimensions: dimensions ?? undefined }] : [];
  });
}

function asModel(value: unknown): EmbeddingModel | undefined {
  if (!(value instanceof Object) || !('provider' in value) || typeof value.provider !== 'string')
    return undefined;
  const { provider } = value;
  if (provider === 'embedded') return { provider };
  if (!('model' in value) || typeof value.model !== 'string') return undefined;
  const baseUrl = 'baseUrl' in value && typeof value.baseUrl === 'string' ? value.baseUrl : undefined;
  const dimensions =
    'dimensions' in value && typeof value.dimensions === 'number' ? value.dimensions : undefined;
  return { provider, model: value.model, baseUrl, dimensions };
}

/** The first answer decides; false where another process's first answer had decided otherwise. */
export async function settleDimensions(
  database: Queryable,
  { id }: KeptModel,
  dimensions: number,
): Promise<boolean> {
  const { rowCount } = await database.query(
    'update memory_model set dimensions = $2 where id = $1 and coalesce(dimensions, $2) = $2',
    [id, dimensions],
  );
  return rowCount > 0;
}

export async function markComplete(database: Queryable, { id }: KeptModel): Promise<void> {
  await database.query('update memory_model set complete = true where id = $1 and not complete', [id]);
}

/** Vectors that go at once: 1,000 rows take some 10 ms, for which an embedded database serves nobody else. */
const DROPPED_AT_ONCE = 1000;

/** Removes a model's vectors, piece by piece, and then the model. */
export async function dropModel(database: Queryable, { id }: KeptModel, signal: AbortSignal): Promise<void> {
  await database.query('update memory_model set complete = false where id = $1', [id]);
  while (!signal.aborted) {
    const { rowCount } = await database.query(DELETE_SOME, [id, DROPPED_AT_ONCE]);
    if (rowCount < DROPPED_AT_ONCE) break;
  }
  if (!signal.aborted) await database.query('delete from memory_model where id = $1', [id]);
}

const DELETE_SOME = `
  delete from memory_embedding where model_id = $1 and chunk_id in (
    select chunk_id from memory_embedding where model_id = $1 order by chunk_id limit $2)`;

const LEASE_SECONDS = 60;

/**
 * Whether this process may make vectors of the model for the next minute. On one database two processes would only
 * make the same ones; where the one that did has died, another takes over when its minute is up.
 */
export async function takeLease(database: Queryable, { id }: KeptModel, holder: string): Promise<boolean> {
  const { rowCount } = await database.query(
    `update memory_model set leased_by = $2, leased_until = now() + make_interval(secs => ${LEASE_SECONDS})
     where id = $1 and (leased_by is null or leased_by = $2 or leased_until < now())`,
    [id, holder],
  );
  return rowCount > 0;
}

export async function endLease(database: Queryable, { id }: KeptModel, holder: string): Promise<void> {
  await database.query(
    'update memory_model set leased_by = null, leased_until = null where id = $1 and leased_by = $2',
    [id, holder],
  );
}
