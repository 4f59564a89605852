import { RotateCcw } from 'lucide-preact';
import { useEffect, useState } from 'preact/hooks';
import type { Setting } from '../../../../src/core/api/settings.ts';
import { t } from '../../i18n.ts';
import { Badge, IconButton, Select, TextInput, Toggle } from '../../ui/index.ts';
import { type SettingValue, shown, type Typed, typed } from './pending.ts';
import type { SettingsStore } from './store.ts';

interface SettingRowProps {
  readonly setting: Setting;
  readonly store: SettingsStore;
  /** Instead of the setting's name. */
  readonly title?: string;
}

/** A setting: what it is, where its value is from, and its field. */
export function SettingRow({ setting, store, title }: SettingRowProps) {
  const { key, description, source, place, needs_restart, restart_pending } = setting;
  const isChanged = store.pending.has(key);
  return (
    <div class={isChanged ? 'settings-row is-changed' : 'settings-row'} data-setting={key}>
      <div class="settings-row-about">
        <h3 class={title === undefined ? 'mono' : ''}>{title ?? key}</h3>
        <p class="quiet small">{withCode(description)}</p>
        <p class="row">
          <Badge title={place} kind={source === 'default' ? 'plain' : 'info'}>
            {sourceName(source)}
          </Badge>
          {needs_restart && (
            <Badge title={t('A change counts from the next start on.')}>{t('at restart')}</Badge>
          )}
          {restart_pending && <Badge kind="warn">{t('waits for a restart')}</Badge>}
        </p>
      </div>
      <div class="settings-row-field">
        <SettingField setting={setting} store={store} />
        {source === 'file' && setting.editable && (
          <IconButton
            tiny
            icon={RotateCcw}
            label={t('Back to {value}', { value: shown(setting.default) })}
            onClick={() => void store.reset(setting)}
          />
        )}
      </div>
    </div>
  );
}

function SettingField({ setting, store }: SettingRowProps) {
  const { key, type, choices = [], editable, secret } = setting;
  const value = store.pending.get(key) ?? setting.value;
  const label = <span class="unseen">{key}</span>;
  const error = store.refused.get(key);
  const change = (to: SettingValue) => store.change(setting, to);
  if (secret)
    return (
      <p class="small quiet">
        {setting.is_set ? t('A value is set, and not shown.') : t('Not set.')}{' '}
        <a href="/settings/secrets">{t('Secrets')}</a>
      </p>
    );
  if (!editable)
    return (
      <div class="grow">
        <code>{shown(value)}</code>
        <p class="quiet small">{setting.fixed_reason}</p>
      </div>
    );
  if (type === 'boolean')
    return <Toggle label={label} checked={value === true} onChange={(checked) => change(checked)} />;
  if (type === 'choice')
    return (
      <Select
        label={label}
        error={error}
        value={typeof value === 'string' ? value : ''}
        onChange={(to) => change(to === '' ? null : to)}
        options={[
          ...(setting.default === null ? [{ value: '', label: t('not set') }] : []),
          ...choices.map((value) => ({ value, label: value })),
        ]}
      />
    );
  return <TypedField setting={setting} value={value} refusal={error} onValue={change} />;
}

interface TypedFieldProps {
  readonly setting: Setting;
  readonly value: SettingValue;
  readonly refusal: string | undefined;
  onValue(value: SettingValue): void;
}

/** What cannot be a value yet stays in the field, with the reason. */
function TypedField({ setting, value, refusal, onValue }: TypedFieldProps) {
  const written = value === null ? '' : textOf(value);
  const [text, setText] = useState(written);
  const now = typed(setting, text);
  // A value from elsewhere: discarded, saved, set back.
  useEffect(() => {
    const meant = typed(setting, text);
    if (!meant.ok || JSON.stringify(meant.value) !== JSON.stringify(value)) setText(written);
  }, [written]);
  return (
    <TextInput
      label={<span class="unseen">{setting.key}</span>}
      value={text}
      placeholder={setting.default === null ? t('not set') : textOf(setting.default)}
      spellcheck={false}
      error={now.ok ? refusal : whyNot(setting, now)}
      onInput={(text) => {
        setText(text);
        const meant = typed(setting, text);
        if (meant.ok) onValue(meant.value);
      }}
    />
  );
}

function textOf(value: SettingValue): string {
  if (Array.isArray(value) && value.every((one) => typeof one === 'string')) return value.join(', ');
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function whyNot({ minimum, maximum }: Setting, { why }: Extract<Typed, { ok: false }>): string {
  if (why === 'number') return t('This must be a number.');
  if (why === 'whole') return t('This must be a whole number.');
  if (why === 'list') return t('This must be words with commas between them.');
  return t('This must be from {minimum} to {maximum}.', {
    minimum: minimum ?? '−∞',
    maximum: maximum ?? '∞',
  });
}

function sourceName(source: Setting['source']): string {
  if (source === 'default') return t('default');
  if (source === 'profile') return t('from the profile');
  if (source === 'file') return t('set in the file');
  return source === 'environment' ? t('from the environment') : t('from the command line');
}

/** Names of settings and the like stand between backticks. */
const withCode = (text: string) =>
  text.split('`').map((part, place) => (place % 2 === 1 ? <code key={part}>{part}</code> : part));
