import { type Clock, systemClock } from '../core/clock.ts';
import { FREE_AND_WIDE, type Model } from './model.ts';
import { createOfflineModel } from './offline/offline-model.ts';
import type { Complete } from './provider/provider-model.ts';
import type { ModelSettings, ProviderSettings } from './settings.ts';

interface ModelOptions {
  readonly clock?: Clock;
  /** A call fails with `timeout` when no byte has come for this long. 120,000 where not given. */
  readonly idleTimeoutMs?: number;
}

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
    ...FREE_AND_WIDE,
    name: `${settings.provider}/${settings.model}`,
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
  const { clock = systemClock, idleTimeoutMs = DEFAULT_IDLE_TIMEOUT_MS } = options;
  return openProvider(settings, { clock, idleTimeoutMs });
}
