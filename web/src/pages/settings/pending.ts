import type { Setting } from '../../../../src/core/api/settings.ts';

export type SettingValue = Setting['value'];

/** What was changed in the page and not saved yet, by the setting's name. */
export type Pending = ReadonlyMap<string, SettingValue>;

export interface PendingChange {
  readonly setting: Setting;
  readonly to: SettingValue;
}

/** With this change; without one where the setting has the value already. */
export function withChange(pending: Pending, setting: Setting, to: SettingValue): Pending {
  const changed = new Map(pending);
  if (isSame(setting.value, to)) changed.delete(setting.key);
  else changed.set(setting.key, to);
  return changed;
}

/** In the order in which settings are listed. */
export function changesOf(settings: readonly Setting[], pending: Pending): readonly PendingChange[] {
  return settings.flatMap((setting) => {
    const to = pending.get(setting.key);
    return to === undefined ? [] : [{ setting, to }];
  });
}

const isSame = (a: SettingValue, b: SettingValue): boolean => JSON.stringify(a) === JSON.stringify(b);

/** A value as a person reads it. */
export function shown(value: SettingValue): string {
  if (value === null) return '—';
  if (typeof value === 'string') return value === '' ? '""' : value;
  if (Array.isArray(value) && value.every((one) => typeof one === 'string')) return value.join(', ') || '—';
  return JSON.stringify(value);
}

export type Typed =
  | { readonly ok: true; readonly value: SettingValue }
  | { readonly ok: false; readonly why: 'number' | 'whole' | 'range' | 'list' };

/** What was typed into the field of a setting, as its value. Nothing typed is no value. */
export function typed(setting: Setting, text: string): Typed {
  const trimmed = text.trim();
  if (setting.type === 'number') return typedNumber(setting, trimmed);
  if (setting.type === 'list') return typedList(trimmed);
  return { ok: true, value: trimmed === '' ? null : trimmed };
}

function typedNumber({ integer, minimum, maximum }: Setting, text: string): Typed {
  if (text === '') return { ok: true, value: null };
  const value = Number(text.replace(',', '.'));
  if (!Number.isFinite(value)) return { ok: false, why: 'number' };
  if (integer === true && !Number.isInteger(value)) return { ok: false, why: 'whole' };
  if (value < (minimum ?? value) || value > (maximum ?? value)) return { ok: false, why: 'range' };
  return { ok: true, value };
}

/** Words with commas between them, or JSON where the list is of more than words. */
function typedList(text: string): Typed {
  if (!text.startsWith('[')) {
    const words = text.split(',').map((word) => word.trim());
    return { ok: true, value: words.filter((word) => word !== '') };
  }
  try {
    const value: SettingValue = JSON.parse(text);
    return Array.isArray(value) ? { ok: true, value } : { ok: false, why: 'list' };
  } catch {
    return { ok: false, why: 'list' };
  }
}
