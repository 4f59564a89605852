import { type Clock, systemClock } from '../core/clock.ts';
import { profileOf } from './catalogue/profile.ts';
import type { Model } from './model.ts';
import { createOfflineModel } from './offline/offline-model.ts';
import type { Complete } from './provider/provider-model.ts';
import { type ModelSettings, modelName, type ProviderSettings } from './settings.ts';

export interface ModelOptions {
  readonly clock?: Clock;
  /** A call fails with `timeout` when no byte has come for this long. 120,000 where not given. */
  readonly idleTimeoutMs?: number;
  /**
   * A key of the vault by its name, asked for whenever a request is sent, so that a new key counts at once. Where it
   * rejects, the call fails as `unauthorized` with the words of the rejection.
   */
  readonly readKey?: ReadKey;
}

export type ReadKey = (name: string) => Promise<string | undefined>;

const DEFAULT_IDLE_TIMEOUT_MS = 120_000;

/**
 * The model that the settings name. Nothing is connected or loaded before its first call. Failed calls are not
 * repeated here.
 */
export function createModel(settings: ModelSettings, options: ModelOptions = {}): Model {
  return settings.provider === 'offline' ? createOfflineModel() : createProviderModel(settings, options);
}

function createProviderModel(settings: ProviderSettings, options: ModelOptions): Model {
  let opened: Promise<Complete> | undefined;
  return {
    ...profileOf(settings),
    name: modelName(settings),
    async complete(request) {
      opened ??= open(settings, options);
      const complete = await opened;
      return complete(request);
    },
  };
}

/** The adapters weigh tens of megabytes, which a process that stays offline never pays for. */
async function open(settings: ProviderSettings, options: ModelOptions): Promise<Complete> {
  const { openProvider } = await import('./provider/provider-model.ts');
  const { clock = systemClock, idleTimeoutMs = DEFAULT_IDLE_TIMEOUT_MS, readKey } = options;
  return openProvider(settings, { clock, idleTimeoutMs, readKey });
}
