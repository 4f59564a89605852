import { KeyRound, Plus, RefreshCw, Trash2 } from 'lucide-preact';
import { useState } from 'preact/hooks';
import type { SecretsReply } from '../../../../src/core/api/secrets.ts';
import { api } from '../../api.ts';
import { request } from '../../connection.ts';
import { count } from '../../format.ts';
import { t } from '../../i18n.ts';
import { Badge, Button, Dialog, EmptyState, IconButton, Time, toast } from '../../ui/index.ts';
import { useLoaded } from '../loaded.ts';
import { Shown } from '../shown.tsx';
import { Confirm } from './confirm.tsx';
import { SecretDialog } from './secret-dialog.tsx';

type Secret = SecretsReply['secrets'][number];

/** Names of secrets; a value can be set, and is never shown. */
export function SecretsSection() {
  const secrets = useLoaded('secrets', (signal) => api<SecretsReply>('/api/secrets', { signal }));
  const [editing, edit] = useState<{ readonly name: string }>();
  const [doomed, doom] = useState<Secret>();
  return (
    <>
      <div class="spread">
        <p class="place-lead">
          {t('Encrypted, and put into requests after every check. No tool ever sees one.')}
        </p>
        <Button icon={Plus} onClick={() => edit({ name: '' })}>
          {t('Add')}
        </Button>
      </div>
      <Shown of={secrets} lines={5}>
        {({ secrets: all, master_key }) => (
          <>
            <MasterKey report={master_key} canRotate={all.some(({ source }) => source === 'vault')} />
            {all.length === 0 ? (
              <EmptyState icon={KeyRound} title={t('No secrets yet')}>
                {t('Add the key of a model or of a tool here; the assistant uses it without seeing it.')}
              </EmptyState>
            ) : (
              <ul class="settings-list">
                {all.map((secret) => (
                  <li key={secret.name}>
                    <SecretRow
                      secret={secret}
                      onReplace={() => edit({ name: secret.name })}
                      onDelete={() => doom(secret)}
                    />
                  </li>
                ))}
              </ul>
            )}
          </>
        )}
      </Shown>
      {editing && <SecretDialog {...editing} onClose={() => edit(undefined)} onSaved={secrets.again} />}
      {doomed && (
        <Confirm
          title={t('Delete {name}?', { name: doomed.name })}
          action={t('Delete')}
          onClose={() => doom(undefined)}
          run={async () => {
            await api(`/api/secrets/${encodeURIComponent(doomed.name)}`, { method: 'DELETE' });
            secrets.again();
          }}
        >
          {t('What uses it will ask for it again.')}
        </Confirm>
      )}
    </>
  );
}

interface SecretRowProps {
  readonly secret: Secret;
  onReplace(): void;
  onDelete(): void;
}

function SecretRow({ secret, onReplace, onDelete }: SecretRowProps) {
  const { name, source, set_at, expires_at, expired, uses, last_use } = secret;
  const isOurs = source === 'vault';
  return (
    <div class="settings-row">
      <div class="settings-row-about">
        <h3 class="row">
          <span class="mono">{name}</span>
          {!isOurs && <Badge kind="info">{t('from the environment')}</Badge>}
          {expired && <Badge kind="bad">{t('expired')}</Badge>}
        </h3>
        <p class="quiet small">
          {set_at !== null && (
            <>
              {t('Set')} <Time at={set_at} />
              {' · '}
            </>
          )}
          {expires_at !== null && !expired && (
            <>
              {t('until')} <Time at={expires_at} exact />
              {' · '}
            </>
          )}
          {uses === 0 ? t('never used') : t('used {count} times', { count: count(uses) })}
          {last_use !== null && (
            <>
              {t(', last by {tool} for {host}', { tool: last_use.tool, host: last_use.host })}{' '}
              <Time at={last_use.at} />
            </>
          )}
        </p>
      </div>
      {isOurs && (
        <div class="row">
          <Button variant="ghost" onClick={onReplace}>
            {t('Replace')}
          </Button>
          <IconButton icon={Trash2} label={t('Delete {name}', { name })} onClick={onDelete} />
        </div>
      )}
    </div>
  );
}

interface MasterKeyProps {
  readonly report: SecretsReply['master_key'];
  readonly canRotate: boolean;
}

function MasterKey({ report: { source, warning, problem }, canRotate }: MasterKeyProps) {
  const [isAsking, ask] = useState(false);
  const [advice, setAdvice] = useState<string>();
  const rotate = async () => {
    const { rotation } = await request('secrets-rotated', { type: 'secret-rotate' });
    toast({ text: t('{count} secrets were encrypted anew.', { count: rotation.secrets }) });
    if (rotation.advice !== null) setAdvice(rotation.advice);
  };
  return (
    <>
      {problem !== null && (
        <p class="problem" role="alert">
          {problem}
        </p>
      )}
      {warning !== null && <p class="settings-note warn">{warning}</p>}
      {source !== null && (
        <p class="row quiet small">
          {t('The master key is kept in {place}.', { place: placeName(source) })}
          {canRotate && (
            <Button tiny variant="ghost" icon={RefreshCw} onClick={() => ask(true)}>
              {t('New master key…')}
            </Button>
          )}
        </p>
      )}
      {isAsking && (
        <Confirm
          title={t('Make a new master key?')}
          action={t('Make a new one')}
          isHarmless
          onClose={() => ask(false)}
          run={rotate}
        >
          {t('Every secret is encrypted anew, and the former key is removed.')}
        </Confirm>
      )}
      <Dialog
        title={t('One thing is left to do')}
        open={advice !== undefined}
        onClose={() => setAdvice(undefined)}
        footer={<Button onClick={() => setAdvice(undefined)}>{t('Done')}</Button>}
      >
        {advice}
      </Dialog>
    </>
  );
}

function placeName(source: NonNullable<SecretsReply['master_key']['source']>): string {
  if (source === 'environment') return t('an environment variable');
  if (source === 'file') return t('a file that the environment names');
  if (source === 'systemd') return t('a credential of systemd');
  return source === 'keychain' ? t('the keychain of the system') : t('a file of the home folder');
}
