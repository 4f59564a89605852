import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { setTimeout as wait } from 'node:timers/promises';
import { systemClock } from '../core/clock.ts';
import { IronbarkError } from '../core/errors.ts';
import type { Access, Running } from './context.ts';
import { noteBegin, noteEnd } from './last-end.ts';
import { isProven, proofOf } from './owner-proof.ts';
import { readToken, tokenPath } from './token.ts';

/** How long another program may take to start before it counts as not answering. */
const LONGEST_START_MS = 30_000;
const LOOK_EVERY_MS = 50;

/** The real ways to an assistant. Each loads what it needs when it is used: most commands use one of them. */
export const systemAccess: Access = {
  async findRunning(home) {
    const until = performance.now() + LONGEST_START_MS;
    const challenge = randomBytes(16).toString('base64url');
    let owner = await ownerOf(home, challenge);
    while (owner && !isRunning(owner)) {
      if (performance.now() > until) throw neverReady(home);
      await wait(LOOK_EVERY_MS);
      owner = await ownerOf(home, challenge);
    }
    if (owner && !isProven(owner, await knownToken(home), challenge)) throw impostor(home, owner);
    return owner;
  },

  async connect(home, url, onState) {
    // Not the whole gateway: its server is of no use here and takes long to load.
    const { connect } = await import('../gateway/client.ts');
    return connect({ url, token: await knownToken(home), ...(onState && { onState }) });
  },

  async api(home, url) {
    const { createApiClient } = await import('../gateway/api-client.ts');
    return createApiClient({ url, token: await knownToken(home) });
  },

  async loginLink(home, url) {
    const headers = { authorization: `Bearer ${await knownToken(home)}` };
    const response = await fetch(new URL('/api/login-link', url), { method: 'POST', headers });
    const answer: unknown = response.ok ? await response.json() : undefined;
    if (isLink(answer)) return answer.link;
    throw new IronbarkError(
      'unreachable',
      `The assistant at ${url} gave no login link.`,
      'Try: ironbark status',
    );
  },

  async start({ home: path, config, configRequest, version, env, warnings, watch }) {
    const { openHome } = await import('../storage/index.ts');
    const { logPath, openLog } = await import('./log.ts');
    const { startIronbark } = await import('./start.ts');
    const { LoopWatch } = await import('./loop-watch.ts');
    const { releaseStartMemory } = await import('./start-memory.ts');
    const home = openHome(path);
    let describe = (_challenge: string): object => ({ url: null });
    const lock = await holdHome(path, (challenge) => describe(challenge));
    const { log, close, desk: logs } = openLog(path, config.log.level, warnings);
    const loop = new LoopWatch({
      settings: config.watchdog,
      wanted: watch,
      process,
      log,
      logFile: logPath(path),
    });
    const end = async () => {
      await loop.end();
      close();
      await lock.release();
    };
    try {
      if (noteBegin(path)) loop.begin();
      const token = await readToken(home);
      const system = await startIronbark({
        config,
        home,
        version,
        log,
        logs,
        env,
        ...(configRequest && { configRequest }),
      });
      const running: Running = { url: system.url(), pid: process.pid, version };
      describe = (challenge) => ({ ...running, proof: proofOf(running, token, challenge) });
      loop.ready({ url: running.url, onRunning: system.onRunning });
      if (watch) void releaseStartMemory();
      return {
        url: running.url,
        loginLink: () => system.loginLink(),
        stop: () =>
          system
            .stop()
            .then(() => noteEnd(path))
            .finally(end),
        exited: system.exited,
      };
    } catch (thrown) {
      await end();
      throw thrown;
    }
  },

  async openSecrets({ home: path, config, env }) {
    const { openHome } = await import('../storage/index.ts');
    const { createSecrets, openHomeDatabase } = await import('./secrets/open-secrets.ts');
    const home = openHome(path);
    const lock = await holdHome(path, () => ({ url: null }));
    try {
      const database = await openHomeDatabase(home, config);
      const { secrets } = createSecrets(database, systemClock, {
        home: path,
        env,
        config,
        actor: 'command line',
      });
      return { secrets, close: () => database.close().finally(() => lock.release()) };
    } catch (thrown) {
      await lock.release();
      throw thrown;
    }
  },

  async openMemory({ home: path, config, env }) {
    const { openHome } = await import('../storage/index.ts');
    const { openHomeDatabase } = await import('./secrets/open-secrets.ts');
    const { createOfflineMemory } = await import('./memory/offline-memory.ts');
    const { openLog } = await import('./log.ts');
    const home = openHome(path);
    const lock = await holdHome(path, () => ({ url: null }));
    const { log, close } = openLog(path, config.log.level);
    const end = async () => {
      close();
      await lock.release();
    };
    try {
      const database = await openHomeDatabase(home, config);
      const memory = createOfflineMemory(database, { home: path, env, config, log, clock: systemClock });
      return { memory, close: () => database.close().finally(end) };
    } catch (thrown) {
      await end();
      throw thrown;
    }
  },
};

/** Who holds the home folder, as the holder describes itself. */
async function ownerOf(home: string, challenge: string): Promise<object | undefined> {
  if (!existsSync(home)) return undefined;
  const { findHomeOwner } = await import('../storage/index.ts');
  return findHomeOwner(home, challenge);
}

async function holdHome(
  home: string,
  describe: (challenge: string) => object,
): Promise<{ release(): unknown }> {
  const { acquireHomeLock } = await import('../storage/index.ts');
  const lock = await acquireHomeLock(home, describe);
  if (lock.held) return lock;
  throw new IronbarkError(
    'storage',
    `The home folder ${home} is in use by another assistant.`,
    'See: ironbark status',
  );
}

/** One that is still starting, or is only looking as we are, has no address. */
function isRunning(owner: object): owner is Running & { readonly proof?: unknown } {
  return 'url' in owner && typeof owner.url === 'string' && 'pid' in owner && typeof owner.pid === 'number';
}

function impostor(home: string, { pid }: Running): IronbarkError {
  return new IronbarkError(
    'unreachable',
    `What answers for ${home} does not know its key, so it is not asked anything (it says it is process ${pid}).`,
    'If you exchanged the file gateway-token, stop that process; else look who started it.',
  );
}

function isLink(answer: unknown): answer is { link: string } {
  return typeof answer === 'object' && answer !== null && 'link' in answer && typeof answer.link === 'string';
}

async function knownToken(home: string): Promise<string> {
  const path = tokenPath(home);
  try {
    return (await readFile(path, 'utf8')).trim();
  } catch (cause) {
    const hint = 'Run this as the user who owns the home folder.';
    throw new IronbarkError(
      'unreachable',
      `The key of the running assistant, ${path}, cannot be read.`,
      hint,
      {
        cause,
      },
    );
  }
}

function neverReady(home: string): IronbarkError {
  return new IronbarkError(
    'unreachable',
    `An assistant on ${home} has been starting for ${LONGEST_START_MS / 1000} s and is not ready.`,
    `Look into ${home}/logs/ironbark.log, or stop that process.`,
  );
}
