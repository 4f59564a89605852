import { useState } from 'preact/hooks';
import { ApiError, api } from '../../api.ts';
import { t } from '../../i18n.ts';
import { Button, Dialog, TextInput, toast } from '../../ui/index.ts';
import { asError } from '../loaded.ts';

interface SecretDialogProps {
  /** Of the secret that gets another value; empty: a new one. */
  readonly name: string;
  onClose(): void;
  onSaved(): void;
}

/** The only place where the value of a secret is ever typed. */
export function SecretDialog({ name: given, onClose, onSaved }: SecretDialogProps) {
  const [name, setName] = useState(given);
  const [value, setValue] = useState('');
  const [until, setUntil] = useState('');
  const [error, setError] = useState<Error>();
  const [isBusy, setBusy] = useState(false);
  const field = error instanceof ApiError ? error.field : undefined;
  const isComplete = name.trim() !== '' && value !== '';
  const save = () => {
    setBusy(true);
    setError(undefined);
    api(`/api/secrets/${encodeURIComponent(name.trim())}`, {
      method: 'PUT',
      body: { value, ...(until !== '' && { expires_at: new Date(until).toISOString() }) },
    })
      .then(() => {
        toast({ text: t('{name} is stored, encrypted.', { name: name.trim() }) });
        onClose();
        onSaved();
      })
      .catch((thrown: unknown) => {
        setBusy(false);
        setError(asError(thrown));
      });
  };
  return (
    <Dialog
      open
      title={given === '' ? t('Add a secret') : t('Another value for {name}', { name: given })}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{t('Cancel')}</Button>
          <Button variant="primary" busy={isBusy} disabled={!isComplete} onClick={save}>
            {t('Save')}
          </Button>
        </>
      }
    >
      <form
        class="stack"
        onSubmit={(event) => {
          event.preventDefault();
          if (isComplete && !isBusy) save();
        }}
      >
        <TextInput
          label={t('Name')}
          placeholder="openai_api_key"
          hint={t('Letters, digits, “_”, “-” and “.”.')}
          error={field === 'path.name' || field === 'name' ? error?.message : undefined}
          value={name}
          readOnly={given !== ''}
          autoFocus={given === ''}
          spellcheck={false}
          onInput={setName}
        />
        <TextInput
          type="password"
          autocomplete="new-password"
          label={t('Value')}
          hint={t('Never shown again.')}
          error={error && field !== 'path.name' && field !== 'name' ? error.message : undefined}
          value={value}
          autoFocus={given !== ''}
          onInput={setValue}
        />
        <TextInput
          type="date"
          label={t('Counts until')}
          hint={t('Empty: for good.')}
          value={until}
          onInput={setUntil}
        />
        <input type="submit" hidden />
      </form>
    </Dialog>
  );
}
