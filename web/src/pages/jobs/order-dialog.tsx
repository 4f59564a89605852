import { useState } from 'preact/hooks';
import type { JobInfo } from '../../../../src/core/api/jobs.ts';
import { ApiError, api } from '../../api.ts';
import { t } from '../../i18n.ts';
import { go } from '../../route.ts';
import { Button, Dialog, Select, TextArea, TextInput } from '../../ui/index.ts';
import { addressOf } from './job-list.tsx';

/** Orders a job in the user's own words, and goes there. */
export function OrderDialog({ onClose }: { onClose(): void }) {
  const [title, setTitle] = useState('');
  const [description, setDescription] = useState('');
  const [mode, setMode] = useState('local');
  const [trouble, setTrouble] = useState('');
  const [isBusy, setBusy] = useState(false);
  // A second press, after an answer that was lost, is the same order.
  const [requestId] = useState(() => crypto.randomUUID());
  const order = async () => {
    setBusy(true);
    const body = { title, description, mode, request_id: requestId };
    try {
      const { id } = await api<JobInfo>('/api/jobs', { body });
      onClose();
      go(addressOf(id));
    } catch (error) {
      setTrouble(error instanceof ApiError ? error.message : String(error));
      setBusy(false);
    }
  };
  return (
    <Dialog
      open
      title={t('New job')}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{t('Cancel')}</Button>
          <Button variant="primary" busy={isBusy} disabled={title.trim() === ''} onClick={() => void order()}>
            {t('Begin')}
          </Button>
        </>
      }
    >
      <div class="stack">
        <TextInput label={t('Title')} value={title} onInput={setTitle} autoFocus />
        <TextArea
          label={t('What is to be done')}
          hint={t('It sees nothing of your conversations: say all that it must know.')}
          value={description}
          onInput={setDescription}
          rows={6}
        />
        <Select
          label={t('Where it works')}
          value={mode}
          onChange={setMode}
          error={trouble}
          options={[
            { value: 'local', label: t('Here, asking as always') },
            { value: 'worker', label: t('In a container, closed off') },
          ]}
        />
      </div>
    </Dialog>
  );
}
