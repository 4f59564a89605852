import type { MemoryDesk, MemoryWritten } from '../../core/memory.ts';
import { createWriters } from '../at-once.ts';
import { MAX_DOCUMENT_BYTES } from '../objections.ts';
import type { ImportedDocument } from './import-item.ts';
import type { ImportKind, OpenedImport } from './open-import.ts';

export interface ImportOptions {
  readonly dryRun: boolean;
  /** Also what this import did not write, or what was changed since. */
  readonly replace: boolean;
  /** Put everything beneath this folder. */
  readonly into?: string;
  /** Called after each document. */
  readonly onProgress?: (done: number) => void;
}

/** What became of it: documents by their paths. */
export interface ImportReport {
  readonly kind: ImportKind;
  readonly name: string;
  readonly dryRun: boolean;
  readonly written: readonly string[];
  readonly unchanged: number;
  /** Left alone: this import did not write them, or they were changed since. */
  readonly kept: readonly string[];
  /** Written without what looked like a secret. */
  readonly redacted: readonly { readonly path: string; readonly removed: string }[];
  /** What was not meant to be imported. */
  readonly ignored: readonly string[];
  readonly troubles: readonly { readonly where: string; readonly reason: string }[];
}

/** Most documents of one import. */
export const MAX_DOCUMENTS = 50_000;

/** Documents on their way at once: enough to share commits, few enough to leave room for conversations. */
const AT_ONCE = 4;

/** Most lines kept of what was passed over; a photo collection needs no more to be recognised. */
const MAX_IGNORED = 1_000;

/** Writes what an import holds. It may be stopped and run again: what is there already is not written twice. */
export async function runImport(
  { kind, name, items }: OpenedImport,
  memory: MemoryDesk,
  options: ImportOptions,
): Promise<ImportReport> {
  const report = emptyReport(kind, name, options.dryRun);
  const writers = createWriters(AT_ONCE);
  const taken = new Set<string>();
  for await (const item of items) {
    if (item.type === 'trouble') report.troubles.push({ where: item.where, reason: item.reason });
    else if (item.type === 'ignored') note(report, item.what);
    else {
      const document = placed(item, options.into);
      const objection = objectionTo(document, taken);
      if (objection !== undefined) report.troubles.push({ where: document.path, reason: objection });
      if (taken.size === MAX_DOCUMENTS) break;
      taken.add(document.path);
      if (objection === undefined) await writers.add(() => write(document, name, memory, options, report));
    }
  }
  await writers.done();
  report.written.sort();
  return report;
}

type GrowingReport = {
  -readonly [K in keyof ImportReport]: ImportReport[K] extends readonly (infer T)[] ? T[] : ImportReport[K];
};

const emptyReport = (kind: ImportKind, name: string, dryRun: boolean): GrowingReport => ({
  kind,
  name,
  dryRun,
  written: [],
  unchanged: 0,
  kept: [],
  redacted: [],
  ignored: [],
  troubles: [],
});

function note({ ignored }: GrowingReport, what: string): void {
  if (ignored.length < MAX_IGNORED) ignored.push(what);
}

const placed = (document: ImportedDocument, into: string | undefined): ImportedDocument =>
  into === undefined ? document : { ...document, path: `${into}/${document.path}` };

function objectionTo({ path, text }: ImportedDocument, taken: ReadonlySet<string>): string | undefined {
  if (taken.size === MAX_DOCUMENTS)
    return `An import has at most ${MAX_DOCUMENTS} documents; this and all that follow were left out.`;
  if (taken.has(path)) return 'Another one in this import has the same path.';
  const bytes = Buffer.byteLength(text);
  // Not even sent: a frame of many megabytes would end the connection.
  return bytes > MAX_DOCUMENT_BYTES
    ? `It has ${bytes} bytes, and a document may have ${MAX_DOCUMENT_BYTES}.`
    : undefined;
}

async function write(
  { path, text, origins }: ImportedDocument,
  name: string,
  memory: MemoryDesk,
  { replace, dryRun, onProgress = () => {} }: ImportOptions,
  report: GrowingReport,
): Promise<void> {
  const from = { name, replace };
  const written = await memory.write({ path, text, append: false, origins, import: from, dryRun });
  enter(written, report);
  onProgress(report.written.length + report.unchanged + report.kept.length);
}

function enter(written: MemoryWritten, report: GrowingReport): void {
  const { path } = written;
  switch (written.outcome) {
    case 'written':
      report.written.push(path);
      if (written.removed !== undefined) report.redacted.push({ path, removed: written.removed });
      return;
    case 'unchanged':
      report.unchanged++;
      return;
    case 'kept':
      report.kept.push(path);
      return;
    case 'refused':
      report.troubles.push({ where: path, reason: written.reason });
  }
}
