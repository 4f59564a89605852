import { signal } from '@preact/signals';
import { useCallback } from 'preact/hooks';
import type { Setting, SettingReply, SettingsReply } from '../../../../src/core/api/settings.ts';
import { api } from '../../api.ts';
import { t } from '../../i18n.ts';
import { toast, toastError } from '../../ui/index.ts';
import { asError, type Loading, useLoaded } from '../loaded.ts';
import { changesOf, type Pending, type SettingValue, withChange } from './pending.ts';

/** Every setting, what was changed and is not saved, and why saving failed. Outlives a visit to another page. */
const pending = signal<Pending>(new Map());
const refused = signal<ReadonlyMap<string, string>>(new Map());

export interface SettingsStore {
  readonly loading: Loading<SettingsReply>;
  readonly pending: Pending;
  /** By the setting's name: why it was not saved. */
  readonly refused: ReadonlyMap<string, string>;
  change(setting: Setting, to: SettingValue): void;
  discard(): void;
  /** Resolves when all is saved, or refused. */
  save(): Promise<void>;
  /** As if nobody had set it. */
  reset(setting: Setting): Promise<void>;
}

export function useSettings(): SettingsStore {
  const loading = useLoaded('settings', (signal) => api<SettingsReply>('/api/settings', { signal }));
  const reset = useCallback(
    (setting: Setting) =>
      api<SettingReply>(addressOf(setting), { method: 'DELETE' })
        .then(({ message }) => {
          pending.value = withChange(pending.peek(), setting, setting.value);
          toast({ text: message ?? t('{key} is as if it had not been set.', { key: setting.key }) });
          loading.again();
        })
        .catch(toastError),
    [loading.again],
  );
  return {
    loading,
    pending: pending.value,
    refused: refused.value,
    change(setting, to) {
      pending.value = withChange(pending.peek(), setting, to);
      refused.value = without(refused.peek(), setting.key);
    },
    discard() {
      pending.value = new Map();
      refused.value = new Map();
    },
    async save() {
      if (loading.now.is !== 'ready') return;
      for (const { setting, to } of changesOf(loading.now.value.settings, pending.peek()))
        await saveOne(setting, to);
      loading.again();
    },
    reset,
  };
}

/** Those that are refused stay changed, with the reason. */
async function saveOne(setting: Setting, to: SettingValue): Promise<void> {
  const request =
    to === null ? ({ method: 'DELETE' } as const) : ({ method: 'PUT', body: { value: to } } as const);
  try {
    const { message } = await api<SettingReply>(addressOf(setting), request);
    if (message !== null) toast({ text: message });
    pending.value = without(pending.peek(), setting.key);
  } catch (error) {
    refused.value = new Map(refused.peek()).set(setting.key, asError(error).message);
  }
}

const addressOf = ({ key }: Setting): string => `/api/settings/${encodeURIComponent(key)}`;

function without<T>(map: ReadonlyMap<string, T>, key: string): ReadonlyMap<string, T> {
  const rest = new Map(map);
  rest.delete(key);
  return rest;
}
