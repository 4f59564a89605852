import type { Origin } from '../core/journal.ts';
import type { MemorySource } from '../core/memory.ts';
import { err, ok, type Result } from '../core/result.ts';
import type { RedactText } from '../safety/index.ts';
import type { Database } from '../storage/index.ts';
import { type Change, newText, outcomeOf, type TextChange, withNewText } from './change.ts';
import { type MemoryDocument, readDocument } from './document.ts';
import { exposedIn } from './layers/exposed.ts';
import { type Layer, layerOf, privatePlaceOf } from './layers/layer.ts';
import { limitOf, objectionTo, objectionToText, storable } from './objections.ts';
import { storableOrigins } from './origins.ts';
import { placeFor } from './place.ts';
import { schemaFor } from './rules/schema-for.ts';
import { type Mark, replaceStatements, type Statements, writeStatements } from './writes.ts';

export interface WriteOptions {
  /** Whose words, other than the user's, had a hand in the text or in the path. */
  readonly origins: readonly Origin[];
  /** Who writes, and in which conversation: each line that is new is put down to it. */
  readonly source?: MemorySource;
  /** The version that the change was made from. Where another is there, it is not made. */
  readonly ifVersion?: number;
  /** What looks private may be written where others see it: the user said so. Not where others had a hand in it. */
  readonly force?: boolean;
}

export interface PreparedChange {
  /** Where it goes: not always where it was to go. */
  readonly path: string;
  readonly statements: Statements;
  /** What was taken out of the text before it is kept, as a sentence; undefined where nothing was. */
  readonly removed: string | undefined;
  /** Why it goes somewhere else, as a sentence; undefined where it does not. */
  readonly redirected: string | undefined;
  /** The document says just this already: committing would only add a version that is like the last. */
  readonly unchanged: boolean;
}

interface Desk {
  readonly database: Database;
  readonly redact: RedactText;
  /** As `withPrimary` makes them. */
  readonly layers: readonly Layer[];
  /** When the change counts as made. */
  now(): Date;
}

interface Order {
  readonly path: string;
  readonly change: Change;
  readonly options: WriteOptions;
}

/** A change that says what it brings in, redacted, and whose words that is. */
interface Ready {
  readonly path: string;
  readonly change: TextChange;
  /** The text before anything was taken out of it. */
  readonly given: string;
  readonly removed: string | undefined;
  readonly options: WriteOptions;
}

/** See `Memory.prepare`: the only road by which a text of somebody's becomes a document. */
export async function prepareChange(desk: Desk, order: Order): Promise<Result<PreparedChange, string>> {
  const place = placeFor(desk.layers, order.path, order.options.origins);
  if (!place.ok) return place;
  const ready = await readyFor(desk, { ...order, path: place.value });
  if (!ready.ok) return ready;
  const before = await readDocument(desk.database, place.value);
  const stale = staleness(place.value, before, order.options.ifVersion);
  if (stale !== undefined) return err(stale);
  return conclude(desk, ready.value, before);
}

async function readyFor(desk: Desk, { path, change, options }: Order): Promise<Result<Ready, string>> {
  const wanted = await written(desk.database, path, change);
  if (!wanted.ok) return wanted;
  const given = newText(wanted.value.change);
  const objection = objectionToText(path, given);
  if (objection !== undefined) return err(objection);
  const { text, removed } = await desk.redact(storable(given));
  const origins = [...wanted.value.origins, ...options.origins];
  return ok({
    path,
    change: withNewText(wanted.value.change, text),
    given,
    removed,
    options: { ...options, origins },
  });
}

interface Written {
  readonly change: TextChange;
  readonly origins: readonly Origin[];
}

/** To restore is to write again what an earlier version held, and whose words that was. */
async function written(database: Database, path: string, change: Change): Promise<Result<Written, string>> {
  if (change.type !== 'restore') return ok({ change, origins: [] });
  const earlier = await readDocument(database, path, change.version);
  if (!earlier) return err(`There is no version ${change.version} of ${path}. List its versions first.`);
  return ok({ change: { type: 'overwrite', content: earlier.content }, origins: earlier.origins });
}

function staleness(
  path: string,
  before: MemoryDocument | undefined,
  wanted: number | undefined,
): string | undefined {
  if (wanted === undefined || before?.version === wanted) return undefined;
  const now = before ? `is at version ${before.version} by now` : 'does not exist';
  return `Not saved: ${path} ${now}, and the change was made from version ${wanted}. Read it again and change that.`;
}

async function conclude(
  desk: Desk,
  ready: Ready,
  before: MemoryDocument | undefined,
): Promise<Result<PreparedChange, string>> {
  const { path, change } = ready;
  const after = outcomeOf(path, before?.content, change, limitOf(path));
  if (!after.ok) return after;
  const known = change.type === 'overwrite' ? '' : (before?.content ?? '');
  const texts = { known, after: after.value };
  const schema = await schemaFor(desk.database, path);
  const objection = await objectionTo(path, { ...texts, schema, redact: desk.redact });
  if (objection !== undefined) return err(objection);
  const exposed = await exposure(desk, ready, texts);
  if (exposed !== undefined) return elsewhere(desk, ready, exposed);
  const origins = storableOrigins(await redactAll(desk.redact, ready.options.origins));
  const { source } = ready.options;
  // A document that must fit a schema cannot hold two texts one after the other.
  const version = schema ? undefined : ready.options.ifVersion;
  return ok({
    path,
    statements: statementsFor(path, change, { origins, source, at: desk.now(), version }),
    removed: ready.removed,
    redirected: undefined,
    unchanged: after.value === before?.content,
  });
}

/** What private things a change would show to others; undefined where it shows none, or the user wants it. */
async function exposure(
  desk: Desk,
  { path, given, options }: Ready,
  texts: { readonly known: string; readonly after: string },
): Promise<string | undefined> {
  if (layerOf(desk.layers, path).sensitivity === 'private') return undefined;
  if (options.force === true && options.origins.length === 0) return undefined;
  return exposedIn(desk, { path, given, ...texts });
}

async function elsewhere(
  desk: Desk,
  { path, change, given, options }: Ready,
  exposed: string,
): Promise<Result<PreparedChange, string>> {
  const why = `the text holds ${exposed}, and others can see ${layerOf(desk.layers, path).folder || path}`;
  const place = privatePlaceOf(desk.layers, path);
  if (place === undefined || change.type === 'replace') return err(`Not saved: ${why}.`);
  const { ifVersion: _, ...rest } = options;
  const kept = { ...change, content: given };
  const prepared = await prepareChange(desk, { path: place, change: kept, options: rest });
  if (!prepared.ok) return prepared;
  return ok({ ...prepared.value, redirected: `It went to ${place} instead of ${path}: ${why}.` });
}

function statementsFor(
  path: string,
  change: TextChange,
  mark: Mark & { readonly version?: number | undefined },
): Statements {
  if (change.type === 'replace') return replaceStatements(path, change, mark);
  return writeStatements(path, change.content, { ...mark, append: change.type === 'append' });
}

/** One at a time: a detector holds the event loop for each. */
async function redactAll(redact: RedactText, texts: readonly string[]): Promise<readonly string[]> {
  const redacted: string[] = [];
  for (const text of texts) redacted.push((await redact(text)).text);
  return redacted;
}
