import { t } from '../../i18n.ts';
import { Select, TextInput, Toggle } from '../../ui/index.ts';
import type { Draft } from './draft.ts';
import type { DraftProps } from './routine-form.tsx';

const RUN_MODES: readonly (readonly [Draft['runMode'], string])[] = [
  ['single', 'a start is skipped'],
  ['queued', 'the next waits'],
  ['restart', 'it begins anew'],
  ['parallel', 'they run side by side'],
];

const CATCH_UPS: readonly (readonly [Draft['catchUp'], string])[] = [
  ['once', 'made up for once'],
  ['skip', 'left out'],
  ['all', 'made up for one by one'],
];

/** What is as it should be for most routines. */
export function SeldomFields({ draft, onChange }: DraftProps) {
  return (
    <details class="routine-seldom">
      <summary>{t('More')}</summary>
      <div class="stack">
        <TextInput
          label={t('What it is for')}
          value={draft.description}
          onInput={(description) => onChange({ description })}
        />
        <div class="routine-pair">
          <Select
            label={t('While it runs')}
            value={draft.runMode}
            options={RUN_MODES.map(([value, label]) => ({ value, label: t(label) }))}
            onChange={(chosen) =>
              onChange({ runMode: RUN_MODES.find(([mode]) => mode === chosen)?.[0] ?? 'single' })
            }
          />
          <Select
            label={t('Times missed while nothing ran')}
            value={draft.catchUp}
            options={CATCH_UPS.map(([value, label]) => ({ value, label: t(label) }))}
            onChange={(chosen) =>
              onChange({ catchUp: CATCH_UPS.find(([policy]) => policy === chosen)?.[0] ?? 'once' })
            }
          />
        </div>
        <div class="routine-pair">
          <Count
            label={t('Seconds from one start to the next')}
            value={draft.cooldown}
            onInput={(cooldown) => onChange({ cooldown })}
          />
          <Count
            label={t('Put off by up to so many seconds')}
            value={draft.jitter}
            onInput={(jitter) => onChange({ jitter })}
          />
          <Count
            label={t('Off after so many failures in a row (0: never)')}
            value={draft.disableAfter}
            onInput={(disableAfter) => onChange({ disableAfter })}
          />
          <TextInput
            label={t('What it may cost a day, in US dollars')}
            value={draft.dayUsd}
            placeholder={t('no limit')}
            onInput={(dayUsd) => onChange({ dayUsd })}
          />
        </div>
        <Toggle
          label={t('Tell me the result also where all is well')}
          checked={draft.onSuccess}
          onChange={(onSuccess) => onChange({ onSuccess })}
        />
      </div>
    </details>
  );
}

interface CountProps {
  readonly label: string;
  readonly value: string;
  onInput(value: string): void;
}

const Count = ({ label, value, onInput }: CountProps) => (
  <TextInput
    type="number"
    min="0"
    label={label}
    value={value}
    placeholder={t('as usual')}
    onInput={onInput}
  />
);
