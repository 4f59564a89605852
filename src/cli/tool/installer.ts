import { createHash } from 'node:crypto';
import { systemClock } from '../../core/clock.ts';
import { coerceError, IronbarkError } from '../../core/errors.ts';
import { err, ok, type Result } from '../../core/result.ts';
import {
  createGrantStore,
  createToolFolder,
  type Manifest,
  parseManifest,
  requestedItems,
} from '../../extensions/index.ts';
import { combinedSecrets, environmentSecrets, type Secrets, secretHelp } from '../../secrets/index.ts';
import type { GivenTool, NeededSecret, ToolInstaller } from '../../tools/index.ts';
import { MAX_TOOL_BYTES } from '../sandbox-parts.ts';
import { dryRunServices } from './dry-run.ts';
import type { InstallerOptions } from './lazy-installer.ts';
import { plain } from './show.ts';
import { bentName } from './tool-name.ts';
import { readToolSource } from './tool-source.ts';
import { openWorkbench, type Workbench } from './workbench.ts';

/** Installs for a running assistant, which sees the change in its folder. What is built stays in the home's cache. */
export function createInstaller({ home, env, vault, isTaken, log }: InstallerOptions): ToolInstaller {
  const { toolsDir } = home;
  // A file that was written a moment ago counts: whoever put it there is who asks.
  const folder = createToolFolder(toolsDir, { maxBytes: MAX_TOOL_BYTES, settleMs: 0 });
  const grants = createGrantStore(home.toolGrantsDir, systemClock);
  const secrets = combinedSecrets(vault, environmentSecrets(env));
  const onDefect = (thrown: unknown): void => log.error({ err: thrown }, 'a defect of the sandbox');

  async function open(path: string): Promise<Result<Opened, string>> {
    await using bench = await openWorkbench(home.cacheDir, (pool) => dryRunServices(pool, { env, onDefect }));
    const installed = new Set((await folder.scan()).tools.map(({ name }) => name));
    // Awaited here: the workbench is closed on return.
    return await readTool(path, bench, toolsDir, (name) => installed.has(name));
  }
  /** Names that cannot be had are told before anybody is asked. */
  async function read(path: string): Promise<Result<Opened, string>> {
    const opened = await explained(() => open(path));
    if (!opened.ok) return opened;
    const { name } = opened.value.tool;
    if (isTaken(name)) return err(`There is a built-in tool named ${name}. Give the file another name.`);
    return opened;
  }

  return {
    async read(path) {
      const opened = await read(path);
      return opened.ok ? ok(opened.value.tool) : opened;
    },
    async install(path, print) {
      const opened = await read(path);
      if (!opened.ok) return opened;
      const { tool, bytes, manifestText, items } = opened.value;
      if (tool.print !== print)
        return err('The tool changed since the user was asked. Nothing was installed.');
      // Approved first: whoever sees the new file must not find what was approved of an older one.
      await grants.forget(tool.name);
      await grants.approve(tool.name, items);
      const placed = await folder.install(tool.name, bytes, manifestText);
      return placed.ok ? ok(tool) : err(placed.error.message);
    },
    async remove(name) {
      if (!(await folder.remove(name))) return err(`No tool named ${name} is installed.`);
      await grants.forget(name);
      return ok(undefined);
    },
    async needs(name) {
      const file = (await folder.scan()).tools.find((tool) => tool.name === name);
      if (!file) return err(`No tool named ${name} is installed.`);
      if (file.manifestText === undefined) return ok([]);
      const manifest = parseManifest(file.manifestText);
      return manifest.ok
        ? ok(await neededSecrets(manifest.value.manifest, secrets))
        : err('Its capabilities file is wrong.');
    },
  };
}

interface Opened {
  readonly tool: GivenTool;
  readonly bytes: Uint8Array;
  readonly manifestText: string | undefined;
  /** Ids of what it asks for. */
  readonly items: readonly string[];
}

async function readTool(
  path: string,
  bench: Workbench,
  toolsDir: string,
  isInstalled: (name: string) => boolean,
): Promise<Result<Opened, string>> {
  const source = await readToolSource(path, bench, { toolsDir, whence: 'files' });
  const { name, bytes, manifestText } = source;
  if (name === '' || bentName(name) !== name)
    return err(`A tool cannot be named "${name}". Rename its file.`);
  const loaded = await bench.load(source);
  if (!loaded.ok) return err(plain(`${loaded.error.message} (${loaded.error.rule})`));
  const { tool, manifest } = loaded.value;
  const requests = requestedItems(manifest.capabilities);
  const given: GivenTool = {
    name,
    version: manifest.version,
    description: plain(tool.description),
    asks: requests.map(({ words }) => plain(words)),
    print: printOf(bytes, manifestText),
    replaces: isInstalled(name),
  };
  return ok({ tool: given, bytes, manifestText, items: requests.map(({ id }) => id) });
}

/** Half a SHA-256 is more than anybody can aim at, and short enough for a model to copy. */
const PRINT_DIGITS = 32;

function printOf(bytes: Uint8Array, manifestText = ''): string {
  const code = createHash('sha256').update(bytes).digest('hex');
  return createHash('sha256').update(`${code}\n${manifestText}`).digest('hex').slice(0, PRINT_DIGITS);
}

/** What a person did wrong is told; what is broken is thrown on. */
async function explained<T>(work: () => Promise<Result<T, string>>): Promise<Result<T, string>> {
  try {
    return await work();
  } catch (thrown) {
    if (!(thrown instanceof IronbarkError)) throw coerceError(thrown);
    return err(thrown.explanation);
  }
}

async function neededSecrets(
  { capabilities, auth, setup }: Manifest,
  secrets: Secrets,
): Promise<readonly NeededSecret[]> {
  const asked = [
    ...(capabilities.http?.credentials ?? []).map(({ secretName, optional }) => ({
      name: secretName,
      optional,
    })),
    ...(auth ? [{ name: auth.secretName, optional: auth.optional }] : []),
    ...(setup?.secrets ?? []),
  ];
  const names = new Map(asked.toReversed().map(({ name, optional }) => [name, optional]));
  return Promise.all(
    [...names].map(async ([name, optional]) => ({
      name,
      optional,
      isSet: await secrets.has(name),
      advice: auth?.secretName === name ? adviceOf(auth) : undefined,
      help: secretHelp(name),
    })),
  );
}

function adviceOf({ instructions, setupUrl }: NonNullable<Manifest['auth']>): string | undefined {
  const advice = [instructions, setupUrl && `See ${setupUrl}.`].filter(Boolean).join(' ');
  return advice === '' ? undefined : plain(advice);
}
