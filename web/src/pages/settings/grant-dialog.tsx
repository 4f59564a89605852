import { useState } from 'preact/hooks';
import { api } from '../../api.ts';
import { t } from '../../i18n.ts';
import { Button, Dialog, Select, TextArea, Toggle, toast } from '../../ui/index.ts';
import { asError } from '../loaded.ts';

interface GrantDialogProps {
  readonly tool: string;
  onClose(): void;
  onGranted(): void;
}

const DAY_MS = 86_400_000;

/** Allows something before it is asked for. */
export function GrantDialog({ tool, onClose, onGranted }: GrantDialogProps) {
  const [targets, setTargets] = useState('');
  const [days, setDays] = useState('30');
  const [influenced, setInfluenced] = useState(false);
  const [error, setError] = useState<Error>();
  const [isBusy, setBusy] = useState(false);
  const grant = () => {
    setBusy(true);
    api<{ readonly scope: string }>('/api/grants', {
      body: {
        tool,
        influenced,
        targets: targets
          .split('\n')
          .map((line) => line.trim())
          .filter((line) => line !== ''),
        ...(days !== '' && { expires_at: new Date(Date.now() + Number(days) * DAY_MS).toISOString() }),
      },
    })
      .then(({ scope }) => {
        toast({ text: t('{tool} no longer asks: {scope}.', { tool, scope }) });
        onClose();
        onGranted();
      })
      .catch((thrown: unknown) => {
        setBusy(false);
        setError(asError(thrown));
      });
  };
  return (
    <Dialog
      open
      title={t('Allow {tool} beforehand', { tool })}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{t('Cancel')}</Button>
          <Button variant="primary" busy={isBusy} onClick={grant}>
            {t('Allow')}
          </Button>
        </>
      }
    >
      <div class="stack">
        <TextArea
          label={t('Only for')}
          hint={t('A folder, host or recipient on each line. Empty: any.')}
          error={error?.message}
          rows={3}
          value={targets}
          spellcheck={false}
          onInput={setTargets}
        />
        <Select
          label={t('For how long')}
          value={days}
          onChange={setDays}
          options={[
            { value: '1', label: t('one day') },
            { value: '7', label: t('one week') },
            { value: '30', label: t('30 days') },
            { value: '', label: t('until I revoke it') },
          ]}
        />
        <Toggle
          label={t(
            'Also where words from outside had a hand in it. A page or a mail could then make it happen.',
          )}
          checked={influenced}
          onChange={setInfluenced}
        />
      </div>
    </Dialog>
  );
}
