import { join } from 'node:path';
import type { Environment } from '../../actors/environment.ts';
import type { Assistant } from '../core/assistant.ts';
import { PACKAGE_ROOT } from '../core/package-root.ts';
import {
  createGatewayFace,
  type GatewayFace,
  type GatewayOptions,
  type SessionStore,
  type Sessions,
} from '../gateway/index.ts';
import { combinedSecrets, environmentSecrets, type Vault } from '../secrets/index.ts';
import { readSetting, writeSetting } from '../storage/index.ts';
import { createApiTokenStore } from './api-token-store.ts';
import { createExtensionsDesk, type ExtensionShelf } from './extensions-desk.ts';
import { fileScope } from './file-scope.ts';
import type { LiveConfig } from './live-config.ts';
import { openSettings } from './settings-desk.ts';
import type { StartOptions } from './start-options.ts';
import { readToken } from './token.ts';
import { createLazyInstaller } from './tool/lazy-installer.ts';

/** The gateway, as a child of the tree. */
export async function gatewayFace(
  options: StartOptions,
  assistant: Assistant,
  env: Environment,
  desks: Desks,
): Promise<GatewayFace> {
  const { config, home, version, log } = options;
  return createGatewayFace({
    assistant,
    host: config.gateway.host,
    port: config.gateway.port,
    allowRemote: config.gateway.allow_remote,
    token: await readToken(home),
    version,
    publicDir: join(PACKAGE_ROOT, 'web', 'dist'),
    clock: env.clock,
    ids: env.ids,
    allowFaults: config.gateway.allow_faults,
    limits: {
      clients: config.gateway.max_clients,
      chatPerMinute: config.gateway.chat_per_minute,
      changesPerMinute: config.gateway.changes_per_minute,
    },
    files: fileScope(options),
    sessions: keptSessions(env),
    apiTokenStore: createApiTokenStore(env.database, env.audit),
    ...desks,
    ...(options.logs && { logs: options.logs }),
    ...(env.vectors && { embeddings: env.vectors }),
    webhookSecret: webhookSecret(env.vault, options.env),
    log,
  });
}

/** Looked up for every message, so that a new one counts at once. */
function webhookSecret(
  vault: Vault,
  env: StartOptions['env'],
): (name: string) => Promise<string | undefined> {
  const secrets = combinedSecrets(vault, environmentSecrets(env));
  return async (name) => (await secrets.get(name))?.expose();
}

type Desks = Pick<GatewayOptions, 'settings' | 'extensions' | 'inspector'>;

/** What a person does with this installation rather than with the tree. */
export function desksOf(
  options: StartOptions,
  live: LiveConfig,
  shelf: ExtensionShelf,
  env: Environment,
): Omit<Desks, 'inspector'> {
  const { configRequest, env: variables, home, log, logs } = options;
  const { vault, tools, models, clock } = env;
  const request = configRequest ?? { home: home.path, env: variables };
  const isTaken = (name: string): boolean => tools.isBuiltin(name);
  return {
    settings: openSettings({ request, live, models, logs }),
    extensions: createExtensionsDesk({
      home,
      shelf,
      installer: createLazyInstaller({ home, env: variables, vault, isTaken, log }),
      async approve(tool, ids) {
        const { createGrantStore } = await import('../extensions/index.ts');
        await createGrantStore(home.toolGrantsDir, clock).approve(tool, ids);
      },
    }),
  };
}

/** Logins of browsers, kept with the rest of the assistant's data. */
function keptSessions({ database, clock }: Environment): SessionStore {
  return {
    load: async () => (await readSetting<Sessions>(database, SESSIONS_SETTING)) ?? [],
    save: (sessions) => writeSetting(database, SESSIONS_SETTING, sessions, clock.now()),
  };
}

const SESSIONS_SETTING = 'gateway.sessions';
