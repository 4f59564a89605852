import type {
  ForgetReport,
  MemoryBranch,
  MemoryHistory,
  MemoryHit,
  MemoryHits,
  MemoryPassage,
  MemoryStatus,
} from '../../core/memory.ts';
import type { ExportReport } from '../../memory/export/export-memory.ts';
import type { ImportReport } from '../../memory/import/run-import.ts';
import { plainText, table } from '../../repl/index.ts';

/** Lines of one list that are printed; `--json` has all of them. */
const MOST_LINES = 200;

export function memoryHitsText({ hits, partial }: MemoryHits): string {
  const found = hits.length === 0 ? ['Nothing in memory fits that.'] : hits.map(hitText);
  return [...found, ...(partial === undefined ? [] : [`(${plainText(partial)})`])].join('\n\n');
}

function hitText({ path, snippet, updatedAt, origins }: MemoryHit): string {
  const whose = origins.length === 0 ? '' : `  (words of ${plainText(origins.join(', '))})`;
  const passage = plainText(snippet).trim().replace(/\n\s*/g, '\n  ');
  return `${plainText(path)}  ${updatedAt.slice(0, 10)}${whose}\n  ${passage}`;
}

export function branchesText(branches: readonly MemoryBranch[]): string {
  if (branches.length === 0) return 'There is nothing there.';
  return table(
    branches.map((one) =>
      one.type === 'folder'
        ? [`${plainText(one.path)}/`, counted(one.documents, 'document'), '']
        : [plainText(one.path), counted(one.characters, 'character'), one.updatedAt.slice(0, 10)],
    ),
  );
}

export function historyText({ versions, passages }: MemoryHistory): string {
  const rows = versions.map(({ version, characters, changedAt }) => [
    `version ${version}`,
    counted(characters, 'character'),
    changedAt,
  ]);
  if (passages.length === 0) return table(rows);
  return [table(rows), '', ...shortened(passages.flatMap(passageLines))].join('\n');
}

function passageLines({ firstLine, lastLine, text, sources }: MemoryPassage): readonly string[] {
  const where = firstLine === lastLine ? `line ${firstLine}` : `lines ${firstLine} to ${lastLine}`;
  const beginning = plainText(text.split('\n')[0] ?? '').slice(0, MOST_CHARACTERS);
  return [
    `${where}: ${beginning}`,
    ...sources.map(({ says }) => `  ${plainText(says).replace(/\s+/g, ' ')}`),
  ];
}

/** Of a passage: enough to tell which one is meant. */
const MOST_CHARACTERS = 70;

export function memoryStatusText({
  documents,
  bytes,
  versions,
  chunks,
  changedAt,
  vectors,
}: MemoryStatus): string {
  return table([
    ['documents', String(documents)],
    ['size', `${bytes} bytes`],
    ['versions kept', String(versions)],
    ['passages', String(chunks)],
    ['last change', changedAt ?? 'never'],
    ['vectors', vectorsText(vectors)],
  ]);
}

function vectorsText({ model, embedded, pending, trouble }: MemoryStatus['vectors']): string {
  if (model === undefined) return trouble ?? 'none: no model for them is set up';
  const state = pending === 0 ? `${embedded}` : `${embedded}, ${pending} still to come`;
  return `${state} (${plainText(model)})${trouble === undefined ? '' : `; ${plainText(trouble)}`}`;
}

export function forgetText({ documents }: ForgetReport, dryRun: boolean): string {
  if (documents.length === 0) return 'Memory has nothing from that.';
  const verb = dryRun ? 'Would be forgotten' : 'Forgotten';
  const lines = documents.map(({ path, whole, passages, versions }) => {
    const what = whole ? 'the whole document' : counted(passages, 'passage');
    return `  ${plainText(path)}: ${what}, ${counted(versions, 'version')} of it`;
  });
  return [`${verb}:`, ...shortened(lines)].join('\n');
}

const KINDS: Readonly<Record<ImportReport['kind'], string>> = {
  notes: 'notes',
  openclaw: 'a workspace of OpenClaw',
  chatgpt: 'an export of ChatGPT',
  claude: 'an export of Claude',
  ironbark: 'an export of Ironbark',
};

export function importText(report: ImportReport): string {
  const { kind, name, dryRun, written, unchanged, kept, redacted, ignored, troubles } = report;
  return [
    `${dryRun ? 'Would import' : 'Imported'} ${KINDS[kind]}, under the name "${plainText(name)}".`,
    `${dryRun ? 'To be written' : 'Written'}: ${counted(written.length, 'document')}. As they were already: ${unchanged}.`,
    ...(dryRun ? shortened(written.map((path) => `  ${plainText(path)}`)) : []),
    ...section(
      'Left alone, because they were not imported from there or were changed since (--replace):',
      kept,
    ),
    ...section(
      'What looked like a secret was taken out:',
      redacted.map((one) => `${one.path}: ${one.removed}`),
    ),
    ...section('Passed over:', ignored),
    ...section(
      'Not imported:',
      troubles.map(({ where, reason }) => `${where}: ${reason}`),
    ),
  ].join('\n');
}

export function exportText({ folder, documents, versions }: ExportReport): string {
  const also = versions === 0 ? '' : ` and ${counted(versions, 'version')}`;
  return `Exported ${counted(documents, 'document')}${also} to ${folder}.`;
}

const section = (title: string, lines: readonly string[]): readonly string[] =>
  lines.length === 0 ? [] : [title, ...shortened(lines.map((line) => `  ${plainText(line)}`))];

function shortened(lines: readonly string[]): readonly string[] {
  if (lines.length <= MOST_LINES) return lines;
  return [...lines.slice(0, MOST_LINES), `  … and ${lines.length - MOST_LINES} more (--json lists all)`];
}

const counted = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`;
