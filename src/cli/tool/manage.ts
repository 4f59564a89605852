import { createShelf } from '../../../sandbox/index.ts';
import { IronbarkError } from '../../core/errors.ts';
import { type RequestedItem, requestedItems } from '../../extensions/index.ts';
import { type Context, print, printResult, type Settings } from '../context.ts';
import { chooseItems, isAsked, parseWish, type Wish } from './choose-items.ts';
import { plain, show } from './show.ts';
import { openToolDesk } from './tool-desk.ts';
import { entryValue, listText } from './tool-list.ts';
import { checkName } from './tool-name.ts';
import { toolText, toolValue } from './tool-text.ts';

export interface InstallFlags {
  readonly capabilities?: string;
  readonly name?: string;
  readonly sha256?: string;
  readonly approve?: string;
}

/** Checks a tool, shows what it asks for, and puts it into the tools folder with what was approved. */
export async function installTool(
  what: string,
  flags: InstallFlags,
  settings: Settings,
  context: Context,
): Promise<void> {
  const { stdout } = context.terminal;
  const wish = parseWish(flags.approve);
  const hash = parseHash(flags.sha256);
  if (flags.name !== undefined) checkName(flags.name);
  await using desk = await openToolDesk(settings, context);
  const { capabilities: manifest, name } = flags;
  const { source, tool } = await desk.read(what, { whence: 'files', manifest, name });
  checkName(source.name);
  checkHash(hash, tool.artefact.componentHash);
  const items = requestedItems(tool.manifest.capabilities);
  if (!settings.json) show(stdout, `${toolText(tool)}\n`);
  const chosen = await chooseItems(items, wish, settings, context.terminal);
  // Approved first: a running assistant that sees the new file must not find what was approved of an older one.
  await desk.grants.forget(source.name);
  await desk.grants.approve(source.name, chosen);
  const installed = await desk.folder.install(source.name, source.bytes, source.manifestText);
  if (!installed.ok) throw new IronbarkError('storage', installed.error.message);
  if (!settings.json && items.length > 0) print(stdout, choiceText(source.name, items, chosen));
  printResult(context, settings, toolValue(tool, new Set(chosen)), () => `Installed ${source.name}.`);
}

/** Tells how much was approved, and how to approve the rest. */
function choiceText(name: string, items: readonly RequestedItem[], chosen: readonly string[]): string {
  const all = chosen.length === items.length;
  return `Approved ${chosen.length} of ${items.length}.${all ? '' : ` For the rest: ironbark tool approve ${name}`}`;
}

/** @throws IronbarkError `usage` */
function parseHash(text: string | undefined): string | undefined {
  const hash = text?.toLowerCase().replace(/^sha256:/, '');
  if (hash === undefined || /^[0-9a-f]{64}$/.test(hash)) return hash;
  throw new IronbarkError('usage', `--sha256 takes 64 hexadecimal digits, not "${text}".`);
}

function checkHash(wanted: string | undefined, hash: string): void {
  if (wanted === undefined || wanted === hash) return;
  throw new IronbarkError(
    'check-failed',
    `The component's SHA-256 is ${hash}, not ${wanted}.`,
    'It is not the file that was meant. Nothing was installed.',
  );
}

export async function approveTool(
  name: string,
  flags: { readonly approve?: string },
  settings: Settings,
  context: Context,
): Promise<void> {
  const wish = parseWish(flags.approve);
  await using desk = await openToolDesk(settings, context);
  const { tool } = await desk.read(name, { whence: 'installed' });
  const approved = await desk.grants.read(tool.name);
  const items = requestedItems(tool.manifest.capabilities);
  const open = items.filter(({ id }) => !approved.has(id));
  if (open.length > 0) checkAsked(wish, settings, context);
  const chosen = await chooseItems(open, wish, settings, context.terminal);
  if (wish === 'none') await desk.grants.forget(tool.name);
  else await desk.grants.approve(tool.name, chosen);
  const now = await desk.grants.read(tool.name);
  printResult(context, settings, toolValue(tool, now), () => plain(toolText(tool, now)));
}

/** Without this a script would take silence for consent. */
function checkAsked(wish: Wish, settings: Settings, { terminal }: Context): void {
  if (wish !== undefined || isAsked(wish, settings, terminal)) return;
  throw new IronbarkError(
    'approval-needed',
    'Nobody is here to be asked. Nothing was changed.',
    'Say what you approve: --approve all or --approve none.',
  );
}

export async function removeTool(name: string, settings: Settings, context: Context): Promise<void> {
  await using desk = await openToolDesk(settings, context);
  if (!(await desk.folder.remove(name))) {
    throw new IronbarkError('usage', `There is no tool named ${name}.`, 'See: ironbark tool list');
  }
  await desk.grants.forget(name);
  printResult(context, settings, { removed: name }, () => `Removed ${name}, and what was approved of it.`);
}

export async function describeTool(
  what: string,
  flags: { readonly capabilities?: string },
  settings: Settings,
  context: Context,
): Promise<void> {
  await using desk = await openToolDesk(settings, context);
  const { source, tool } = await desk.read(what, {
    manifest: flags.capabilities,
    wanted: 'tool or channel',
  });
  const approved = source.isInstalled ? await desk.grants.read(source.name) : undefined;
  printResult(context, settings, toolValue(tool, approved), () => plain(toolText(tool, approved)));
}

export async function listTools(settings: Settings, context: Context): Promise<void> {
  await using desk = await openToolDesk(settings, context);
  const shelf = createShelf({
    ...desk.bench.loading,
    folder: desk.folder,
    grants: desk.grants,
    isTaken: () => false,
    onChange: () => {},
  });
  await shelf.refresh();
  const tools = shelf.list();
  printResult(context, settings, { tools: tools.map(entryValue) }, () => plain(listText(tools)));
}
