import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { loadConfig } from '../../config/index.ts';
import type { Assistant } from '../../core/assistant.ts';
import { type Answer, type Asked, ask } from '../../gateway/testing/ask.ts';
import { openHome } from '../../storage/index.ts';
import { createLogRing } from '../log-desk.ts';
import { startIronbark } from '../start.ts';
import { readToken } from '../token.ts';

/** A whole assistant with its gateway, over a home folder of its own that goes with it. */
export interface WholeAssistant extends AsyncDisposable {
  readonly home: string;
  readonly port: number;
  readonly url: string;
  readonly token: string;
  readonly assistant: Assistant;
  readonly loginLink: () => string;
  /** As the bearer of the assistant's own token, unless headers say otherwise. */
  ask(path: string, asked?: Asked): Promise<Answer>;
  /** Ends the process's part of it and starts it anew over the same home. */
  restart(): Promise<void>;
}

export async function startWhole(env: Readonly<Record<string, string>> = {}): Promise<WholeAssistant> {
  const path = mkdtempSync(join(tmpdir(), 'ironbark-whole-'));
  const home = openHome(path);
  const variables = { IRONBARK_SECRETS_KEYCHAIN: 'false', IRONBARK_PORT: '0', ...env };
  const start = async () => {
    const configRequest = { home: path, env: variables };
    const ring = createLogRing();
    const log = pino({ level: 'info', base: null }, ring.stream);
    return startIronbark({
      config: loadConfig(configRequest),
      configRequest,
      home,
      version: 'test',
      log,
      logs: ring.desk(log),
      env: variables,
    });
  };
  let running = await start();
  const token = await readToken(home);
  const portOf = () => Number(new URL(running.url()).port);

  return {
    home: path,
    token,
    get port() {
      return portOf();
    },
    get url() {
      return running.url();
    },
    get assistant() {
      return running.assistant;
    },
    loginLink: () => running.loginLink(),
    ask: (address, asked = {}) =>
      ask({ port: portOf() }, address, {
        ...asked,
        headers: { authorization: `Bearer ${token}`, ...asked.headers },
      }),
    async restart() {
      await running.stop();
      running = await start();
    },
    async [Symbol.asyncDispose]() {
      await running.stop();
      rmSync(path, { recursive: true, force: true });
    },
  };
}
