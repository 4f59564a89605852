import { Plug, Plus } from 'lucide-preact';
import { useState } from 'preact/hooks';
import type { ApiToken, TokenCreatedReply, TokensReply } from '../../../../src/core/api/tokens.ts';
import { ApiError, api } from '../../api.ts';
import { t } from '../../i18n.ts';
import {
  Badge,
  Button,
  CodeBlock,
  CopyButton,
  Dialog,
  EmptyState,
  Select,
  TextInput,
  Time,
} from '../../ui/index.ts';
import { asError, useLoaded } from '../loaded.ts';
import { Shown } from '../shown.tsx';
import { Confirm } from './confirm.tsx';

/** For programs that talk to this assistant. */
export function TokensSection() {
  const tokens = useLoaded('tokens', (signal) => api<TokensReply>('/api/tokens', { signal }));
  const [isAdding, add] = useState(false);
  const [created, setCreated] = useState<TokenCreatedReply>();
  const [doomed, doom] = useState<ApiToken>();
  return (
    <>
      <div class="spread">
        <p class="place-lead">
          {t('A program that has one may do what you may. Each can be revoked by itself.')}
        </p>
        <Button icon={Plus} onClick={() => add(true)}>
          {t('Create')}
        </Button>
      </div>
      <Shown of={tokens} lines={4}>
        {({ tokens: all }) =>
          all.length === 0 ? (
            <EmptyState icon={Plug} title={t('No tokens yet')}>
              <div class="stack">
                <p>{t('Create one for each program, and use it as its API key:')}</p>
                <CodeBlock code={`curl ${location.origin}/v1/models -H "Authorization: Bearer …"`} />
              </div>
            </EmptyState>
          ) : (
            <ul class="settings-list">
              {all.map((token) => (
                <li key={token.id}>
                  <TokenRow token={token} onRevoke={() => doom(token)} />
                </li>
              ))}
            </ul>
          )
        }
      </Shown>
      {isAdding && (
        <CreateDialog
          onClose={() => add(false)}
          onCreated={(token) => {
            add(false);
            setCreated(token);
            tokens.again();
          }}
        />
      )}
      {created && <ShownOnce created={created} onClose={() => setCreated(undefined)} />}
      {doomed && (
        <Confirm
          title={t('Revoke {name}?', { name: doomed.name })}
          action={t('Revoke')}
          onClose={() => doom(undefined)}
          run={async () => {
            await api(`/api/tokens/${encodeURIComponent(doomed.id)}`, { method: 'DELETE' });
            tokens.again();
          }}
        >
          {t('What uses it is refused from now on.')}
        </Confirm>
      )}
    </>
  );
}

function TokenRow({ token, onRevoke }: { readonly token: ApiToken; onRevoke(): void }) {
  const { name, prefix, created_at, last_used_at, expires_at, expired } = token;
  return (
    <div class="settings-row">
      <div class="settings-row-about">
        <h3 class="row">
          {name} <code class="quiet">{prefix}…</code>
          {expired && <Badge kind="bad">{t('expired')}</Badge>}
        </h3>
        <p class="quiet small">
          {t('Created')} <Time at={created_at} />
          {' · '}
          {last_used_at === null ? (
            t('never used')
          ) : (
            <>
              {t('last used')} <Time at={last_used_at} />
            </>
          )}
          {expires_at !== null && !expired && (
            <>
              {' · '}
              {t('until')} <Time at={expires_at} exact />
            </>
          )}
        </p>
      </div>
      <Button variant="danger" onClick={onRevoke}>
        {t('Revoke')}
      </Button>
    </div>
  );
}

interface CreateDialogProps {
  onClose(): void;
  onCreated(token: TokenCreatedReply): void;
}

function CreateDialog({ onClose, onCreated }: CreateDialogProps) {
  const [name, setName] = useState('');
  const [days, setDays] = useState('90');
  const [error, setError] = useState<Error>();
  const [isBusy, setBusy] = useState(false);
  const create = () => {
    setBusy(true);
    api<TokenCreatedReply>('/api/tokens', {
      body: { name: name.trim(), ...(days !== '' && { expires_in_days: Number(days) }) },
    })
      .then(onCreated)
      .catch((thrown: unknown) => {
        setBusy(false);
        setError(asError(thrown));
      });
  };
  const isForField = error instanceof ApiError && error.field !== undefined;
  return (
    <Dialog
      open
      title={t('Create a token')}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{t('Cancel')}</Button>
          <Button variant="primary" busy={isBusy} disabled={name.trim() === ''} onClick={create}>
            {t('Create')}
          </Button>
        </>
      }
    >
      <div class="stack">
        <TextInput
          label={t('Name')}
          hint={t('What it is for, to know it again.')}
          placeholder={t('Script on the laptop')}
          error={
            error && (isForField ? error.message : t('It was not created: {why}', { why: error.message }))
          }
          value={name}
          autoFocus
          onInput={setName}
          onKeyDown={({ key }) => key === 'Enter' && name.trim() !== '' && create()}
        />
        <Select
          label={t('Counts')}
          value={days}
          onChange={setDays}
          options={[
            { value: '30', label: t('for 30 days') },
            { value: '90', label: t('for 90 days') },
            { value: '365', label: t('for a year') },
            { value: '', label: t('until it is revoked') },
          ]}
        />
      </div>
    </Dialog>
  );
}

function ShownOnce({ created, onClose }: { readonly created: TokenCreatedReply; onClose(): void }) {
  return (
    <Dialog
      open
      title={t('The token “{name}”', { name: created.name })}
      onClose={onClose}
      footer={
        <Button variant="primary" onClick={onClose}>
          {t('I have copied it')}
        </Button>
      }
    >
      <div class="stack">
        <p class="settings-note warn">{t('This is the only time that it is shown. Copy it now.')}</p>
        <p class="settings-token">
          <code class="grow">{created.token}</code>
          <CopyButton text={created.token} />
        </p>
      </div>
    </Dialog>
  );
}
