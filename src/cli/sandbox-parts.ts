import { join } from 'node:path';
import type { Environment } from '../../actors/environment.ts';
import type { OpenedFolder } from '../../actors/sandbox/tool-folder.ts';
import {
  asTool,
  createBuilder,
  createDescriptionCache,
  createInvokeTool,
  createShelf,
  DEFAULT_CALL_LIMITS,
  type RunSandboxCall,
  type SandboxServices,
  type SlotPool,
} from '../../sandbox/index.ts';
import { createAuditLog } from '../audit/index.ts';
import { createGrantStore, createToolFolder, grantedCapabilities } from '../extensions/index.ts';
import { createMemory } from '../memory/index.ts';
import { createHttpsTransport, createRateLimiter, systemResolver } from '../network/index.ts';
import { createLeakDetector } from '../safety/index.ts';
import { combinedSecrets, createKnownSecrets, environmentSecrets, useStatements } from '../secrets/index.ts';
import type { SandboxOptions } from './sandbox.ts';

/** As large as the reference host takes. */
export const MAX_TOOL_BYTES = 50 * 1024 * 1024;

export interface SandboxParts extends OpenedFolder {
  readonly services: SandboxServices;
}

/** All that calls of tools from outside work with, and the shelf that the registry follows. */
export function createSandboxParts(
  { home, env, network }: SandboxOptions,
  environment: Environment,
  pool: SlotPool,
  run: RunSandboxCall,
): SandboxParts {
  const { clock, database, log, policy, tools, vault } = environment;
  const audit = createAuditLog(database, clock);
  const memory = createMemory(database, clock);
  const known = createKnownSecrets({
    secrets: vault,
    onChange: vault.onChange,
    onTrouble: (error, secret) => log.warn({ err: error, secret }, 'a secret is not looked for in texts'),
  });
  const services: SandboxServices = {
    clock,
    pool,
    leaks: createLeakDetector({ known: known.current }),
    secrets: combinedSecrets(vault, environmentSecrets(env)),
    transport: network?.transport ?? createHttpsTransport(),
    resolver: network?.resolver ?? systemResolver,
    rates: createRateLimiter(clock),
    limits: DEFAULT_CALL_LIMITS,
    readWorkspace: async (path) => (await memory.read(path))?.content,
    invokeTool: createInvokeTool(tools, policy),
    onDefect: (error) => log.error({ err: error }, 'a defect of the sandbox'),
  };
  const folder = createToolFolder(home.toolsDir, { maxBytes: MAX_TOOL_BYTES });
  const grants = createGrantStore(home.toolGrantsDir, clock);
  // What was approved is read at each call, so that it counts from the moment when it was given or taken back.
  const runAsApproved: RunSandboxCall = async (request) => {
    const { tool } = request;
    const granted = grantedCapabilities(tool.manifest.capabilities, await grants.read(tool.name));
    // A secret that is not looked for yet could be carried off.
    await known.ready();
    const outcome = await run({ ...request, tool: { ...tool, granted } });
    return { ...outcome, writes: [...outcome.writes, ...useStatements(outcome.audit, clock.now())] };
  };
  const builder = createBuilder({ cacheDir: join(home.cacheDir, 'components') });
  let isFirst = true;
  const shelf = createShelf({
    folder,
    grants,
    builder,
    pool,
    descriptions: createDescriptionCache(join(home.cacheDir, 'descriptions')),
    isTaken: (name) => tools.isBuiltin(name),
    onChange(now, records) {
      tools.replaceGuests(
        now.map((tool) => asTool(tool, { run: runAsApproved, secrets: services.secrets, audit })),
      );
      // Once, so that versions that are tried in turn stay at hand.
      if (isFirst) {
        const inUse = new Set(now.map(({ artefact }) => artefact.componentHash));
        builder.prune(inUse).catch((error: unknown) => log.warn({ err: error }, 'the cache was not tidied'));
      }
      isFirst = false;
      for (const { kind, tool, message } of records) log.info({ kind, tool }, message);
      audit
        .write(records)
        .catch((error: unknown) => log.warn({ err: error }, 'the audit log was not written'));
    },
  });
  return { services, folder, shelf };
}
