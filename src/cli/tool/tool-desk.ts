import type { ReadTool } from '../../../sandbox/index.ts';
import { systemClock } from '../../core/clock.ts';
import { coerceError, IronbarkError } from '../../core/errors.ts';
import {
  createGrantStore,
  createToolFolder,
  type GrantStore,
  type ToolFolder,
} from '../../extensions/index.ts';
import { type Home, openHome } from '../../storage/index.ts';
import type { Context, Settings } from '../context.ts';
import { MAX_TOOL_BYTES } from '../sandbox-parts.ts';
import { type DryRun, dryRunServices } from './dry-run.ts';
import { plain, show } from './show.ts';
import { type GivenTool, readToolSource, type Whence } from './tool-source.ts';
import { openWorkbench, type Workbench } from './workbench.ts';

/** The tools of one home, as the command line works on them. A running assistant sees the changes in its folder. */
export interface ToolDesk extends AsyncDisposable {
  readonly home: Home;
  readonly folder: ToolFolder;
  readonly grants: GrantStore;
  readonly bench: Workbench;
  /** @throws IronbarkError `usage` where there is none, `check-failed` where it is none that can be used */
  read(what: string, options?: ReadOptions): Promise<Opened>;
}

export interface ReadOptions {
  /** Anywhere unless said otherwise. */
  readonly whence?: Whence;
  readonly manifest?: string | undefined;
  readonly name?: string | undefined;
  /** Only tools unless said otherwise. */
  readonly wanted?: 'tool' | 'tool or channel';
}

export interface Opened {
  readonly source: GivenTool;
  readonly tool: ReadTool;
}

/** @param dryRun what calls made here work with, where that is not the world as it is */
export async function openToolDesk(
  settings: Settings,
  { terminal }: Context,
  dryRun: Partial<DryRun> = {},
): Promise<ToolDesk> {
  const home = openHome(settings.home);
  const { toolsDir } = home;
  const onDefect = (thrown: unknown): void =>
    show(terminal.stderr, coerceError(thrown).stack ?? String(thrown));
  const bench = await openWorkbench(home.cacheDir, (pool) =>
    dryRunServices(pool, { env: terminal.env, onDefect, ...dryRun }),
  );
  return {
    home,
    bench,
    // A file that was written a moment ago counts: whoever dropped it there is who asks.
    folder: createToolFolder(toolsDir, { maxBytes: MAX_TOOL_BYTES, settleMs: 0 }),
    grants: createGrantStore(home.toolGrantsDir, systemClock),
    async read(what, { wanted, whence = 'anywhere', ...options } = {}) {
      const source = await readToolSource(what, bench, { toolsDir, whence, ...options });
      const tool = await bench.load(source, wanted);
      if (tool.ok) return { source, tool: tool.value };
      throw new IronbarkError('check-failed', plain(`${what}: ${tool.error.message} (${tool.error.rule})`));
    },
    [Symbol.asyncDispose]: () => bench[Symbol.asyncDispose](),
  };
}
