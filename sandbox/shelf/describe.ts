import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { err, ok, type Result } from '../../src/core/result.ts';
import type { Artefact } from '../artefact.ts';
import { DEFAULT_CALL_LIMITS } from '../call/services.ts';
import type { GuestHost, GuestOutcome, SlotPool } from '../pool/index.ts';

/** What a guest says of itself. */
export interface SelfDescription {
  readonly description: string;
  /** JSON Schema of its arguments, as text. */
  readonly schema: string;
}

/** While it describes itself a guest is given nothing. */
const NO_HOST: GuestHost = { call: async () => ({ ok: undefined }) };

/** Long enough for the largest schema known (15 million units of fuel), and no loop is worth waiting for. */
const DEADLINE_MS = 5_000;

/** Asks a guest what it is. The error says what it did instead of answering. */
export async function askDescription(
  pool: SlotPool,
  artefact: Artefact,
): Promise<Result<SelfDescription, string>> {
  const [description, schema] = await Promise.all([
    ask(pool, artefact, 'description'),
    ask(pool, artefact, 'schema'),
  ]);
  if (!description.ok) return description;
  return schema.ok ? ok({ description: description.value, schema: schema.value }) : schema;
}

async function ask(pool: SlotPool, artefact: Artefact, entry: string): Promise<Result<string, string>> {
  const outcome = await pool.run({
    artefact,
    entry,
    args: [],
    fuel: DEFAULT_CALL_LIMITS.fuel,
    deadlineMs: DEADLINE_MS,
    host: NO_HOST,
    signal: new AbortController().signal,
  });
  if (outcome.kind !== 'returned') return err(`${entry}() ${whatItDid(outcome)}`);
  return typeof outcome.value === 'string' ? ok(outcome.value) : err(`${entry}() did not return text`);
}

function whatItDid(outcome: Exclude<GuestOutcome, { kind: 'returned' }>): string {
  switch (outcome.kind) {
    case 'trapped':
      return `crashed (${outcome.reason}): ${outcome.message}`;
    case 'deadline':
      return `did not come to an end within ${DEADLINE_MS / 1000} seconds`;
    case 'cancelled':
      return 'was cancelled';
    case 'failed':
      return 'answered with an error';
    default:
      return `could not be run: ${outcome.message}`;
  }
}

/** Descriptions by the hash of their component, so that a known tool is ready without running it. */
export interface DescriptionCache {
  read(componentHash: string): Promise<SelfDescription | undefined>;
  write(componentHash: string, description: SelfDescription): Promise<void>;
}

export function createDescriptionCache(folder: string): DescriptionCache {
  const fileOf = (hash: string): string => join(folder, `${hash}.json`);
  return {
    async read(hash) {
      const text = await readFile(fileOf(hash), 'utf8').catch(() => undefined);
      return text === undefined ? undefined : parse(text);
    },
    async write(hash, description) {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      const temporary = `${fileOf(hash)}.${process.pid}`;
      await writeFile(temporary, JSON.stringify(description));
      await rename(temporary, fileOf(hash));
    },
  };
}

/** A damaged file is as good as none. */
function parse(text: string): SelfDescription | undefined {
  try {
    const value: unknown = JSON.parse(text);
    if (!(value instanceof Object && 'description' in value && 'schema' in value)) return undefined;
    const { description, schema } = value;
    return typeof description === 'string' && typeof schema === 'string'
      ? { description, schema }
      : undefined;
  } catch {
    return undefined;
  }
}
