import { isDeepStrictEqual } from 'node:util';
import type { Models } from '../../actors/models/models.ts';
import { type Config, type ConfigRequest, createSettingsDesk } from '../config/index.ts';
import { IronbarkError } from '../core/errors.ts';
import type { LogDesk } from '../core/logs.ts';
import type { SettingsDesk } from '../core/settings.ts';
import { LIVE_SETTINGS, type LiveConfig } from './live-config.ts';

export interface SettingsParts {
  readonly request: ConfigRequest;
  readonly live: LiveConfig;
  readonly models: Pick<Models, 'reconsider'>;
  readonly logs: LogDesk | undefined;
}

/** The settings of a running assistant, over its configuration file. */
export function openSettings({ request, live, models, logs }: SettingsParts): SettingsDesk {
  async function apply(config: Config): Promise<readonly string[]> {
    const before = live.current;
    live.current = config;
    if (config.log.level !== before.log.level) logs?.setLevel(config.log.level);
    if (isDeepStrictEqual(config.llm, before.llm)) return [];
    return reconsidered(models);
  }
  return createSettingsDesk({ request, started: live.current, live: LIVE_SETTINGS, apply });
}

/** A half-written choice of models (a provider whose key comes next) is saved all the same. */
async function reconsidered(models: Pick<Models, 'reconsider'>): Promise<readonly string[]> {
  try {
    await models.reconsider();
    return [];
  } catch (thrown) {
    if (!(thrown instanceof IronbarkError)) throw thrown;
    return [`The models stay as they were: ${thrown.explanation}`];
  }
}
