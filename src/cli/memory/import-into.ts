import { IronbarkError } from '../../core/errors.ts';
import type { MemoryDesk } from '../../core/memory.ts';
import { IMPORT_KINDS, type ImportKind, openImport } from '../../memory/import/open-import.ts';
import { type ImportReport, runImport } from '../../memory/import/run-import.ts';
import { normalisePath } from '../../memory/index.ts';

interface ImportFlags {
  readonly as?: string;
  readonly into?: string;
  readonly name?: string;
  readonly replace?: true;
  readonly dryRun?: true;
}

/** Carries out `ironbark memory import`. Throws `usage` where it cannot begin. */
export async function importInto(
  memory: MemoryDesk,
  path: string,
  flags: ImportFlags,
  onProgress: (done: number) => void,
): Promise<ImportReport> {
  const kind = flags.as === undefined ? undefined : kindOf(flags.as);
  const name = flags.name === undefined ? undefined : nameOf(flags.name);
  const into = flags.into === undefined ? undefined : folderOf(flags.into);
  const opened = await openImport(path, { ...(kind && { kind }), ...(name !== undefined && { name }) });
  if (!opened.ok) throw new IronbarkError('usage', opened.error, 'See: ironbark memory import --help');
  return runImport(opened.value, memory, {
    dryRun: flags.dryRun === true,
    replace: flags.replace === true,
    onProgress,
    ...(into !== undefined && { into }),
  });
}

function kindOf(text: string): ImportKind {
  const kind = IMPORT_KINDS.find((one) => one === text.toLowerCase());
  if (kind !== undefined) return kind;
  throw new IronbarkError('usage', `--as is one of ${IMPORT_KINDS.join(', ')}, not "${text.slice(0, 50)}".`);
}

/** Part of an origin, which is a short line. */
function nameOf(text: string): string {
  const name = text.trim();
  if (/^[^\p{Cc}\p{Cs}]{1,100}$/u.test(name)) return name;
  throw new IronbarkError('usage', '--name has 1 to 100 characters on one line.');
}

function folderOf(text: string): string {
  const folder = normalisePath(text);
  if (folder.ok) return folder.value;
  throw new IronbarkError('usage', folder.error);
}
