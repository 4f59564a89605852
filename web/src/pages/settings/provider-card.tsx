import { FlaskConical, KeyRound } from 'lucide-preact';
import { useState } from 'preact/hooks';
import type { LlmProvider, LlmTestReply } from '../../../../src/core/api/llm.ts';
import { api } from '../../api.ts';
import { t } from '../../i18n.ts';
import { Badge, Button, TextInput, toast, toastError } from '../../ui/index.ts';
import { TestResult } from './providers-section.tsx';

interface ProviderCardProps {
  readonly provider: LlmProvider;
  onChange(): void;
  /** The user wants to choose one of its models. */
  onChoose(): void;
}

/** A provider: whether it can be used, why not, and what helps. */
export function ProviderCard({ provider, onChange, onChoose }: ProviderCardProps) {
  const { name, label, available, key_secret, key_is_set } = provider;
  const takesKey = key_secret !== null && (provider.key_required || key_is_set);
  const [isKeyOpen, openKey] = useState(false);
  const [result, setResult] = useState<LlmTestReply>();
  const [isBusy, setBusy] = useState(false);
  const test = () => {
    setBusy(true);
    setResult(undefined);
    api<LlmTestReply>('/api/llm/test_connection', { body: { reference: name } })
      .then(setResult, toastError)
      .finally(() => setBusy(false));
  };
  return (
    <article class="model-provider" aria-label={label}>
      <div class="model-provider-head">
        <h3 class="row grow">
          {label} <Standing provider={provider} />
        </h3>
        <div class="row">
          {takesKey && (
            <Button
              icon={KeyRound}
              variant="ghost"
              aria-expanded={isKeyOpen}
              onClick={() => openKey(!isKeyOpen)}
            >
              {key_is_set ? t('Change key') : t('Enter key')}
            </Button>
          )}
          {available && (
            <>
              <Button icon={FlaskConical} variant="ghost" busy={isBusy} onClick={test}>
                {t('Test')}
              </Button>
              <Button onClick={onChoose}>{t('Choose model')}</Button>
            </>
          )}
        </div>
      </div>
      <p class="quiet small">
        {provider.reason ?? t('Its usual model is {model}.', { model: provider.default_model })}
      </p>
      {result && <TestResult result={result} />}
      {isKeyOpen && key_secret !== null && (
        <KeyForm
          secret={key_secret}
          label={label}
          onSaved={() => {
            openKey(false);
            onChange();
          }}
        />
      )}
    </article>
  );
}

function Standing({ provider }: { readonly provider: LlmProvider }) {
  const { current, available, configured, local } = provider;
  return (
    <>
      {current && <Badge kind="good">{t('in use')}</Badge>}
      {!current && available && configured && <Badge kind="info">{t('ready')}</Badge>}
      {!current && configured && !available && <Badge kind="warn">{t('not available')}</Badge>}
      {local && <Badge>{t('on this machine')}</Badge>}
    </>
  );
}

interface KeyFormProps {
  readonly secret: string;
  readonly label: string;
  onSaved(): void;
}

/** The key goes one way: what was saved is never shown again. */
function KeyForm({ secret, label, onSaved }: KeyFormProps) {
  const [value, setValue] = useState('');
  const [isBusy, setBusy] = useState(false);
  const save = () => {
    setBusy(true);
    api(`/api/secrets/${encodeURIComponent(secret)}`, { method: 'PUT', body: { value: value.trim() } })
      .then(() => {
        toast({ text: t('The key is stored, encrypted.') });
        onSaved();
      })
      .catch((error: unknown) => {
        setBusy(false);
        toastError(error);
      });
  };
  return (
    <form
      class="model-key-form"
      onSubmit={(event) => {
        event.preventDefault();
        if (value.trim() !== '') save();
      }}
    >
      <div class="grow">
        <TextInput
          type="password"
          autocomplete="off"
          label={t('API key of {label}', { label })}
          hint={t('Stored encrypted as the secret {name}, and never shown.', { name: secret })}
          value={value}
          autoFocus
          onInput={setValue}
        />
      </div>
      <Button type="submit" variant="primary" busy={isBusy} disabled={value.trim() === ''}>
        {t('Save')}
      </Button>
    </form>
  );
}
