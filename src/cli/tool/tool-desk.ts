import type { ReadTool, ToolSource } from '../../../sandbox/index.ts';
import { systemClock } from '../../core/clock.ts';
import { coerceError, IronbarkError } from '../../core/errors.ts';
import {
  createGrantStore,
  createToolFolder,
  type GrantStore,
  type ToolFolder,
} from '../../extensions/index.ts';
import { type Home, openHome } from '../../storage/index.ts';
import { type Context, print, type Settings } from '../context.ts';
import { MAX_TOOL_BYTES } from '../sandbox-parts.ts';
import { dryRunServices } from './dry-run.ts';
import { readToolSource } from './tool-source.ts';
import { openWorkbench, type Workbench } from './workbench.ts';

/** The tools of one home, as the command line works on them. A running assistant sees the changes in its folder. */
export interface ToolDesk extends AsyncDisposable {
  readonly home: Home;
  readonly folder: ToolFolder;
  readonly grants: GrantStore;
  readonly bench: Workbench;
  read(what: string, options?: ReadOptions): Promise<Opened>;
}

export interface ReadOptions {
  readonly manifest?: string | undefined;
  readonly name?: string | undefined;
  readonly wanted?: 'tool' | 'tool or channel';
}

export interface Opened {
  readonly source: ToolSource;
  readonly tool: ReadTool;
}

export async function openToolDesk(settings: Settings, { terminal }: Context): Promise<ToolDesk> {
  const home = openHome(settings.home);
  const bench = await openWorkbench(home.cacheDir, (pool) =>
    dryRunServices(pool, {
      env: terminal.env,
      onDefect: (thrown) => print(terminal.stderr, coerceError(thrown).stack ?? String(thrown)),
    }),
  );
  return {
    home,
    bench,
    folder: createToolFolder(home.toolsDir, { maxBytes: MAX_TOOL_BYTES }),
    grants: createGrantStore(home.toolGrantsDir, systemClock),
    async read(what, options = {}) {
      const source = await readToolSource(what, bench, { toolsDir: home.toolsDir, ...options });
      const tool = await bench.load(source, options.wanted);
      if (tool.ok) return { source, tool: tool.value };
      throw new IronbarkError('check-failed', `${what}: ${tool.error.message} (${tool.error.rule})`);
    },
    [Symbol.asyncDispose]: () => bench[Symbol.asyncDispose](),
  };
}
