import { useState } from 'preact/hooks';
import type { RoutineDetail, RoutineReply } from '../../../../src/core/api/routines.ts';
import { api } from '../../api.ts';
import { t } from '../../i18n.ts';
import { Button, Dialog, Select, TextArea, TextInput, Toggle } from '../../ui/index.ts';
import { asError } from '../loaded.ts';
import { apiOf } from './actions.ts';
import { bodyOf, type Draft, draftOf, isComplete } from './draft.ts';
import { SeldomFields } from './seldom-fields.tsx';
import { TriggerFields } from './trigger-fields.tsx';

interface RoutineFormProps {
  /** The one that is changed; without it a new one is made. */
  readonly routine?: RoutineDetail;
  onClose(): void;
  onSaved(routine: RoutineDetail): void;
}

export interface DraftProps {
  readonly draft: Draft;
  onChange(change: Partial<Draft>): void;
}

export function RoutineForm({ routine, onClose, onSaved }: RoutineFormProps) {
  const [draft, setDraft] = useState(() => draftOf(routine));
  const [error, setError] = useState<Error>();
  const [isBusy, setBusy] = useState(false);
  const change = (change: Partial<Draft>) => setDraft((draft) => ({ ...draft, ...change }));
  const save = () => {
    setBusy(true);
    setError(undefined);
    const isNew = routine === undefined;
    api<RoutineReply>(isNew ? '/api/routines' : apiOf(routine.id), {
      method: isNew ? 'POST' : 'PATCH',
      body: bodyOf(draft, isNew),
    })
      .then(({ routine }) => onSaved(routine))
      .catch((thrown: unknown) => {
        setBusy(false);
        setError(asError(thrown));
      });
  };
  return (
    <Dialog
      open
      class="wide"
      title={routine === undefined ? t('New routine') : t('Change “{name}”', { name: routine.name })}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{t('Cancel')}</Button>
          <Button variant="primary" busy={isBusy} disabled={!isComplete(draft)} onClick={save}>
            {routine === undefined ? t('Create') : t('Save')}
          </Button>
        </>
      }
    >
      <div class="stack routine-form">
        {error && (
          <p class="problem" role="alert">
            {error.message}
          </p>
        )}
        {routine === undefined && (
          <TextInput
            label={t('Name')}
            value={draft.name}
            autoFocus
            placeholder={t('morning')}
            onInput={(name) => change({ name })}
          />
        )}
        <TextArea
          label={t('What it does')}
          hint={t('Each run sees this and nothing of your conversations.')}
          rows={5}
          value={draft.prompt}
          onInput={(prompt) => change({ prompt })}
        />
        <TriggerFields draft={draft} onChange={change} />
        <Select
          label={t('How')}
          value={draft.mode}
          options={[
            { value: 'lightweight', label: t('in a few steps') },
            { value: 'full_job', label: t('as a job of its own, for longer work') },
          ]}
          onChange={(mode) => change({ mode: mode === 'full_job' ? mode : 'lightweight' })}
        />
        {draft.mode === 'lightweight' && (
          <Toggle
            label={t(
              'It may use tools. Nobody is there to be asked: what is not allowed beforehand is refused.',
            )}
            checked={draft.useTools}
            onChange={(useTools) => change({ useTools })}
          />
        )}
        <SeldomFields draft={draft} onChange={change} />
      </div>
    </Dialog>
  );
}
