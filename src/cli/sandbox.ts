import { join } from 'node:path';
import type { Environment } from '../../actors/environment.ts';
import { createSandboxRunner, type SandboxRunner } from '../../actors/sandbox/runner.ts';
import type { Sandbox } from '../../actors/sandbox/sandbox.ts';
import {
  asTool,
  createBuilder,
  createDescriptionCache,
  createInvokeTool,
  createShelf,
  createSlotPool,
  DEFAULT_CALL_LIMITS,
  type SandboxServices,
} from '../../sandbox/index.ts';
import { createAuditLog } from '../audit/index.ts';
import { createGrantStore, createToolFolder } from '../extensions/index.ts';
import { createMemory } from '../memory/index.ts';
import { createHttpsTransport, createRateLimiter, systemResolver } from '../network/index.ts';
import { createLeakDetector } from '../safety/index.ts';
import { environmentSecrets } from '../secrets/index.ts';
import type { Home } from '../storage/index.ts';

/** As large as the reference host takes. */
export const MAX_TOOL_BYTES = 50 * 1024 * 1024;

/** Where requests of tools go. */
export type Network = Pick<SandboxServices, 'transport' | 'resolver'>;

interface SandboxOptions {
  readonly home: Home;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly network?: Network;
}

const realNetwork = (): Network => ({ transport: createHttpsTransport(), resolver: systemResolver });

/** Builds what tools from outside need, and has the registry follow the tools folder. */
export function openSandbox(
  { home, env, network = realNetwork() }: SandboxOptions,
  environment: Environment,
): { readonly sandbox: Sandbox; readonly runner: SandboxRunner } {
  const { clock, database, log, policy, tools, settings } = environment;
  const audit = createAuditLog(database, clock);
  const memory = createMemory(database, clock);
  const pool = createSlotPool();
  const services: SandboxServices = {
    clock,
    pool,
    leaks: createLeakDetector(),
    secrets: environmentSecrets(env),
    transport: network.transport,
    resolver: network.resolver,
    rates: createRateLimiter(clock),
    limits: DEFAULT_CALL_LIMITS,
    readWorkspace: async (path) => (await memory.read(path))?.content,
    invokeTool: createInvokeTool(tools, policy),
    onDefect: (error) => log.error({ err: error }, 'a defect of the sandbox'),
  };
  const runner = createSandboxRunner(() => services);
  const folder = createToolFolder(home.toolsDir, { maxBytes: MAX_TOOL_BYTES });
  const shelf = createShelf({
    folder,
    grants: createGrantStore(home.toolGrantsDir, clock),
    builder: createBuilder({ cacheDir: join(home.cacheDir, 'components') }),
    pool,
    descriptions: createDescriptionCache(join(home.cacheDir, 'descriptions')),
    isTaken: (name) => tools.isBuiltin(name),
    onChange(now, records) {
      tools.replaceGuests(
        now.map((tool) => asTool(tool, { run: runner.run, secrets: services.secrets, audit })),
      );
      for (const { kind, tool, message } of records) log.info({ kind, tool }, message);
      audit
        .write(records)
        .catch((error: unknown) => log.warn({ err: error }, 'the audit log was not written'));
    },
  });
  return { sandbox: { pool, hungAfterMs: settings.hungAfterMs, tools: { shelf, folder, log } }, runner };
}
