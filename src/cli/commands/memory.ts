import type { Command } from 'commander';
import { EXIT_CODES, IronbarkError } from '../../core/errors.ts';
import type { ForgetTarget, MemoryWritten } from '../../core/memory.ts';
import { type Context, print, printResult, type Settings } from '../context.ts';
import { withMemory } from '../memory/with-memory.ts';
import type { Finish } from '../program.ts';
import { addGlobalOptions, settingsOf } from '../settings.ts';
import { addTidyCommands } from './memory-tidy.ts';

const EXAMPLES = `
Examples:
  ironbark memory search garlic harvest
  ironbark memory read MEMORY.md
  ironbark memory write recipes/bread.md - < bread.md
  ironbark memory write MEMORY.md "Prefers trains to planes." --append
  ironbark memory tree projects --depth 2
  ironbark memory forget --source "the page https://example.org/" --dry-run
  ironbark memory import ~/notes --dry-run
  ironbark memory import ~/Downloads/chatgpt-export
  ironbark memory export ~/backup/memory

Works with the running assistant, or else directly on the home folder.`;

export function configure(command: Command, context: Context, finish: Finish): void {
  command
    .description('What the assistant remembers: find, read, write, forget, import and export it.')
    .addHelpText('after', EXAMPLES);
  const add = (usage: string): Command =>
    addGlobalOptions(command.command(usage)).allowExcessArguments(false);
  configureSearch(add('search <words...>'), context, finish);
  configureRead(add('read <path>'), context, finish);
  configureWrite(add('write <path> [text]'), context, finish);
  configureTree(add('tree [folder]'), context, finish);
  configureHistory(add('history <path>'), context, finish);
  configureStatus(add('status'), context, finish);
  configureForget(add('forget [path]'), context, finish);
  configureImport(add('import <folder-or-file>'), context, finish);
  configureExport(add('export <folder>'), context, finish);
  addTidyCommands(command, context, finish);
}

const texts = () => import('../memory/memory-text.ts');

function configureSearch(command: Command, context: Context, finish: Finish): void {
  command
    .description('Finds passages: by words, "a phrase", -not, and by meaning where vectors are kept.')
    .option('-n, --limit <count>', 'how many at most (1 to 50)', '10')
    .option('--folder <folder>', 'only beneath this folder of memory')
    .action(async (words: readonly string[], flags: { limit: string; folder?: string }) => {
      const settings = settingsOf(command, context.terminal);
      const most = numberOf(flags.limit, '--limit', 50);
      const folder = flags.folder === undefined ? {} : { folder: flags.folder };
      const { memoryHitsText } = await texts();
      const found = await withMemory(settings, context, (memory) =>
        memory.search(words.join(' '), { limit: most, ...folder }),
      );
      printResult(context, settings, found, () => memoryHitsText(found));
      finish(0);
    });
}

function configureRead(command: Command, context: Context, finish: Finish): void {
  command
    .description('Prints a document, or an earlier version of it.')
    .option('--version <number>', 'the version (see: ironbark memory history PATH)')
    .action(async (path: string, flags: { version?: string }) => {
      const settings = settingsOf(command, context.terminal);
      const version = flags.version === undefined ? undefined : numberOf(flags.version, '--version');
      const { plainText } = await import('../../repl/index.ts');
      const document = await withMemory(settings, context, (memory) => memory.read(path, version));
      if (!document) throw noSuch(path, version);
      // What goes to a file or another program goes as it is.
      const shown = context.terminal.stdout.isTTY ? plainText : (text: string) => text;
      printResult(context, settings, document, () => shown(document.content).replace(/\n$/, ''));
      finish(0);
    });
}

function configureWrite(command: Command, context: Context, finish: Finish): void {
  command
    .description(
      'Writes a document; "-" or no text reads it from standard input. The former version is kept.',
    )
    .option('--append', 'add to its end')
    .action(async (path: string, given: string | undefined, { append = false }: { append?: boolean }) => {
      const settings = settingsOf(command, context.terminal);
      const { readText } = await import('../memory/read-text.ts');
      const text = await readText(given, context.terminal);
      const written = await withMemory(settings, context, (memory) => memory.write({ path, text, append }));
      if (written.outcome === 'refused') throw new IronbarkError('usage', written.reason);
      printResult(context, settings, written, () => writtenText(written));
      finish(0);
    });
}

function writtenText(written: Exclude<MemoryWritten, { outcome: 'refused' }>): string {
  if (written.outcome !== 'written') return `${written.path} says just that already.`;
  return [`Wrote ${written.path}.`, written.removed, written.redirected].filter(Boolean).join('\n');
}

function configureTree(command: Command, context: Context, finish: Finish): void {
  command
    .description('Lists documents and folders; at most 500.')
    .option('--depth <levels>', 'how many levels deep (1 to 20)', '1')
    .action(async (folder: string | undefined, { depth }: { depth: string }) => {
      const settings = settingsOf(command, context.terminal);
      const levels = numberOf(depth, '--depth', 20);
      const { branchesText } = await texts();
      const branches = await withMemory(settings, context, (memory) => memory.tree(folder ?? '', levels));
      printResult(context, settings, { entries: branches }, () => branchesText(branches));
      finish(0);
    });
}

function configureHistory(command: Command, context: Context, finish: Finish): void {
  command
    .description(
      'The versions that are kept of a document, newest first, and where each of its passages comes from.',
    )
    .action(async (path: string) => {
      const settings = settingsOf(command, context.terminal);
      const { historyText } = await texts();
      const history = await withMemory(settings, context, (memory) => memory.history(path));
      if (!history) throw noSuch(path);
      printResult(context, settings, { path, ...history }, () => historyText(history));
      finish(0);
    });
}

function configureStatus(command: Command, context: Context, finish: Finish): void {
  command.description('How much is remembered, and whether its search is up to date.').action(async () => {
    const settings = settingsOf(command, context.terminal);
    const { memoryStatusText } = await texts();
    const status = await withMemory(settings, context, (memory) => memory.status());
    printResult(context, settings, status, () => memoryStatusText(status));
    finish(0);
  });
}

interface ForgetFlags {
  readonly conversation?: string;
  readonly source?: string;
  readonly dryRun?: true;
  readonly yes?: true;
}

const FORGETTING = `
A source is named as its words are marked ("the page https://…", "the file notes.txt"), or as an import is called.
What was forgotten is gone for good, in all kept versions. What conversations said stays in them.`;

function configureForget(command: Command, context: Context, finish: Finish): void {
  command
    .description('Forgets a document, or all that came from a conversation or a source.')
    .option('--conversation <id>', 'all that was learnt in a conversation')
    .option('--source <source>', 'all that a page, a file or an import brought')
    .option('--dry-run', 'only tell what would be gone')
    .option('-y, --yes', 'do it without asking')
    .addHelpText('after', FORGETTING)
    .action(async (path: string | undefined, flags: ForgetFlags) => {
      const settings = settingsOf(command, context.terminal);
      const target = targetOf(path, flags);
      const { forgetText } = await texts();
      const report = await withMemory(settings, context, async (memory) => {
        const planned = await memory.forget(target, { dryRun: true });
        if (flags.dryRun || planned.documents.length === 0) return planned;
        await agree(forgetText(planned, true), flags, settings, context);
        return memory.forget(target, { dryRun: false });
      });
      const dryRun = flags.dryRun === true;
      printResult(context, settings, { ...report, dryRun }, () => forgetText(report, dryRun));
      finish(0);
    });
}

async function agree(
  plan: string,
  { yes }: ForgetFlags,
  { json }: Settings,
  { terminal }: Context,
): Promise<void> {
  if (yes) return;
  const { confirm } = await import('../memory/confirm.ts');
  if (!json) print(terminal.stdout, plan);
  await confirm('Forget it for good?', terminal);
}

function targetOf(path: string | undefined, { conversation, source }: ForgetFlags): ForgetTarget {
  const given = [path, conversation, source].filter((one) => one !== undefined && one.trim() !== '');
  if (given.length !== 1)
    throw new IronbarkError('usage', 'Say what to forget: a path, --conversation ID, or --source SOURCE.');
  if (path !== undefined) return { kind: 'document', path };
  if (conversation !== undefined) return { kind: 'conversation', conversationId: conversation };
  return { kind: 'source', source: source ?? '' };
}

interface ImportFlags {
  readonly as?: string;
  readonly into?: string;
  readonly name?: string;
  readonly replace?: true;
  readonly dryRun?: true;
}

const IMPORTING = `
Takes a folder of Markdown and text, a workspace of OpenClaw, an unpacked export of ChatGPT or Claude, or what
"ironbark memory export" wrote; which of them it is shows in the content. Running it again writes only what is new.
Exits with 10 where something could not be imported; each such thing is listed with the reason.

Examples:
  ironbark memory import ~/notes --into notes --dry-run
  ironbark memory import ~/.openclaw/workspace
  ironbark memory import ~/Downloads/export/conversations.json --name old-chats
  ironbark memory forget --source old-chats            take an import back`;

function configureImport(command: Command, context: Context, finish: Finish): void {
  command
    .description('Brings notes and conversations from elsewhere into memory.')
    .option('--dry-run', 'only tell what would be written')
    .option('--into <folder>', 'put everything beneath this folder of memory')
    .option('--name <name>', 'what to call it, to forget it by')
    .option('--as <kind>', 'notes, openclaw, chatgpt, claude or ironbark, where the content leaves it open')
    .option('--replace', 'also what stands there from elsewhere, or was changed since')
    .addHelpText('after', IMPORTING)
    .action(async (path: string, flags: ImportFlags) => {
      const settings = settingsOf(command, context.terminal);
      const { importInto } = await import('../memory/import-into.ts');
      const { importText } = await texts();
      const report = await withMemory(settings, context, (memory) =>
        importInto(memory, path, flags, progressOn(context)),
      );
      printResult(context, settings, report, () => importText(report));
      finish(report.troubles.length === 0 ? 0 : EXIT_CODES['check-failed']);
    });
}

function configureExport(command: Command, context: Context, finish: Finish): void {
  command
    .description('Writes every document as a file into a new folder; "ironbark memory import" reads it back.')
    .option('--versions', 'with all versions that are kept, to read')
    .action(async (folder: string, { versions = false }: { versions?: boolean }) => {
      const settings = settingsOf(command, context.terminal);
      const { exportMemory } = await import('../../memory/export/export-memory.ts');
      const { exportText } = await texts();
      const report = await withMemory(settings, context, (memory) =>
        exportMemory(memory, folder, { versions, onProgress: progressOn(context) }),
      );
      printResult(context, settings, report, () => exportText(report));
      finish(0);
    });
}

/** Tells somebody who watches that it goes on. */
function progressOn({ terminal: { stderr } }: Context): (done: number) => void {
  return (done) => {
    if (stderr.isTTY && done % 1_000 === 0) print(stderr, `… ${done} documents`);
  };
}

function noSuch(path: string, version?: number): IronbarkError {
  const what = version === undefined ? `document ${path}` : `version ${version} of ${path}`;
  return new IronbarkError('usage', `There is no ${what}.`, 'See: ironbark memory tree');
}

function numberOf(text: string, flag: string, most = 2_147_483_647): number {
  const number = /^[1-9]\d{0,9}$/.test(text) ? Number(text) : Number.NaN;
  if (number <= most) return number;
  throw new IronbarkError(
    'usage',
    `${flag} must be a whole number from 1 to ${most}, not "${text.slice(0, 50)}".`,
  );
}
