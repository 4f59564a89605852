import { createShelf, type ShelfEntry } from '../../../sandbox/index.ts';
import { IronbarkError } from '../../core/errors.ts';
import { requestedItems } from '../../extensions/index.ts';
import { type Context, print, printResult, type Settings } from '../context.ts';
import { chooseItems, parseWish, tellChoice } from './choose-items.ts';
import { openToolDesk } from './tool-desk.ts';
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
  const { terminal } = context;
  const wish = parseWish(flags.approve);
  await using desk = await openToolDesk(settings, context);
  const { source, tool } = await desk.read(what, { manifest: flags.capabilities, name: flags.name });
  checkHash(flags.sha256, tool.artefact.componentHash);
  const items = requestedItems(tool.manifest.capabilities);
  if (!settings.json) print(terminal.stdout, `${toolText(tool)}\n`);
  const chosen = await chooseItems(items, wish, terminal);
  // Approved first: a running assistant that sees the new file must not find what was approved of an older one.
  await desk.grants.forget(source.name);
  await desk.grants.approve(source.name, chosen);
  const installed = await desk.folder.install(source.name, source.bytes, source.manifestText);
  if (!installed.ok) throw new IronbarkError('storage', installed.error.message);
  if (!settings.json) tellChoice(source.name, items, chosen, terminal);
  printResult(context, settings, toolValue(tool, new Set(chosen)), () => `Installed ${source.name}.`);
}

function checkHash(wanted: string | undefined, hash: string): void {
  if (wanted === undefined || wanted.toLowerCase() === hash) return;
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
  const { tool } = await desk.read(name);
  const approved = await desk.grants.read(name);
  const items = requestedItems(tool.manifest.capabilities);
  const open = items.filter(({ id }) => !approved.has(id));
  const chosen = await chooseItems(open, wish, context.terminal);
  if (wish === 'none') await desk.grants.forget(name);
  else await desk.grants.approve(name, chosen);
  const now = await desk.grants.read(name);
  printResult(context, settings, toolValue(tool, now), () => toolText(tool, now));
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
  const isInstalled = !/[/\\.]/.test(what);
  const approved = isInstalled ? await desk.grants.read(source.name) : undefined;
  printResult(context, settings, toolValue(tool, approved), () => toolText(tool, approved));
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
  printResult(context, settings, { tools: tools.map(entryValue) }, () => listText(tools));
}

function entryValue({ name, tool, items, trouble }: ShelfEntry) {
  const approved = items.filter((item) => item.approved).length;
  return {
    name,
    component: tool?.artefact.componentHash ?? null,
    description: tool?.tool.description ?? null,
    asked: items.length,
    approved,
    trouble: trouble ?? null,
  };
}

function listText(entries: readonly ShelfEntry[]): string {
  if (entries.length === 0)
    return 'No tools are installed. Install one with: ironbark tool install FILE.wasm';
  return entries.map(lineOf).join('\n');
}

function lineOf({ name, tool, items, trouble }: ShelfEntry): string {
  const approved = items.filter((item) => item.approved).length;
  const about = tool?.tool.description.split('\n')[0]?.slice(0, 80) ?? '';
  const allowed = items.length === 0 ? 'asks for nothing' : `${approved} of ${items.length} wishes approved`;
  const problem = trouble ? `\n  not in use: ${trouble.message} (${trouble.rule})` : '';
  return `${name}  ${tool ? `${allowed}  ${about}` : ''}${problem}`;
}
