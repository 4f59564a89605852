import { join } from 'node:path';
import { createSandboxRunner } from '../../../actors/sandbox/runner.ts';
import type { Refusal } from '../../../machines/refusal.ts';
import {
  type Builder,
  type BuildRefusal,
  type CallOutcome,
  type CallRequest,
  createBuilder,
  createDescriptionCache,
  createSlotPool,
  type LoadServices,
  loadTool,
  type ReadTool,
  type SandboxServices,
  type ToolSource,
} from '../../../sandbox/index.ts';
import { sandbox } from '../../../supervisors/sandbox.ts';
import type { Result } from '../../core/result.ts';
import { startSystem } from '../../runtime/index.ts';

/** A sandbox of its own, to look at tools and try them without an assistant. */
export interface Workbench extends AsyncDisposable {
  /** What tools are loaded with. */
  readonly loading: LoadServices;
  /** @param wanted only tools unless said otherwise */
  load(source: ToolSource, wanted?: 'tool' | 'tool or channel'): Promise<Result<ReadTool, Refusal>>;
  /** The component of a tool written in JavaScript. */
  componentOf(source: string): Promise<Result<Uint8Array, BuildRefusal>>;
  run(request: CallRequest): Promise<CallOutcome>;
}

/** @param services all but the processes, which are the workbench's own */
export async function openWorkbench(
  cacheDir: string,
  services: (pool: SandboxServices['pool']) => SandboxServices,
): Promise<Workbench> {
  const pool = createSlotPool();
  const builder: Builder = createBuilder({ cacheDir: join(cacheDir, 'components') });
  const descriptions = createDescriptionCache(join(cacheDir, 'descriptions'));
  const shared = services(pool);
  const runner = createSandboxRunner(() => shared);
  const system = await startSystem(sandbox({ pool, hungAfterMs: HUNG_AFTER_MS }));
  runner.connect(system);
  const loading: LoadServices = { builder, pool, descriptions };
  return {
    loading,
    load: (source, wanted) => loadTool(loading, source, wanted),
    componentOf: (source) => builder.javascript(source),
    run: runner.run,
    [Symbol.asyncDispose]: () => system.stop(),
  };
}

const HUNG_AFTER_MS = 10_000;
