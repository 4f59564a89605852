import { useState } from 'preact/hooks';
import type {
  ToolPermission,
  ToolPermissionReply,
  ToolPermissionsReply,
} from '../../../../src/core/api/settings.ts';
import { api } from '../../api.ts';
import { t } from '../../i18n.ts';
import { Badge, Button, Select, TextInput, Time, toast, toastError } from '../../ui/index.ts';
import { useLoaded } from '../loaded.ts';
import { powerName } from '../power-name.ts';
import { Shown } from '../shown.tsx';
import { GrantDialog } from './grant-dialog.tsx';

type Permission = ToolPermission['current_state'];
type Grant = ToolPermission['grants'][number];

/** What each tool may do without asking. */
export function PermissionsSection() {
  const tools = useLoaded('tools', (signal) => api<ToolPermissionsReply>('/api/settings/tools', { signal }));
  const [words, setWords] = useState('');
  const [granting, grant] = useState<string>();
  return (
    <>
      <p class="place-lead">
        {t(
          'What can be regretted happens only because you asked for it or allowed it. Words from outside never count as yours.',
        )}
      </p>
      <TextInput
        type="search"
        label={<span class="unseen">{t('Find a tool')}</span>}
        placeholder={t('Find a tool')}
        value={words}
        onInput={setWords}
      />
      <Shown of={tools} lines={10}>
        {({ tools: all }) => (
          <ul class="settings-list">
            {all
              .filter(({ name, description }) =>
                `${name} ${description}`.toLowerCase().includes(words.toLowerCase()),
              )
              .map((tool) => (
                <li key={tool.name}>
                  <ToolRow tool={tool} onChange={tools.again} onGrant={() => grant(tool.name)} />
                </li>
              ))}
          </ul>
        )}
      </Shown>
      {granting !== undefined && (
        <GrantDialog tool={granting} onClose={() => grant(undefined)} onGranted={tools.again} />
      )}
    </>
  );
}

interface ToolRowProps {
  readonly tool: ToolPermission;
  onChange(): void;
  onGrant(): void;
}

function ToolRow({ tool, onChange, onGrant }: ToolRowProps) {
  const { name, description, source, powers, grants, current_state } = tool;
  return (
    <div class="settings-row">
      <div class="settings-row-about">
        <h3 class="mono">{name}</h3>
        <p class="quiet small permission-about">{description}</p>
        <p class="row">
          {source === 'extension' && <Badge kind="info">{t('from an extension')}</Badge>}
          {powers.map((power) => (
            <Badge key={power}>{powerName(power)}</Badge>
          ))}
        </p>
        {grants.map((grant) => (
          <GrantRow key={grant.grant_id} grant={grant} onRevoked={onChange} />
        ))}
      </div>
      <div class="settings-row-field permission-state">
        <State tool={tool} onChange={onChange} />
        {current_state === 'ask' && (
          <Button tiny variant="ghost" onClick={onGrant}>
            {t('Allow beforehand…')}
          </Button>
        )}
      </div>
    </div>
  );
}

function State({ tool, onChange }: Pick<ToolRowProps, 'tool' | 'onChange'>) {
  const { name, states, current_state, default_state, locked, locked_reason } = tool;
  const set = (state: string) =>
    api<ToolPermissionReply>(`/api/settings/tools/${encodeURIComponent(name)}`, {
      method: 'PUT',
      body: { state: state === default_state ? 'default' : state },
    })
      .then(onChange)
      .catch((error: unknown) => {
        toastError(error);
        onChange();
      });
  if (locked)
    return (
      <p class="small">
        {stateName(current_state)} <span class="quiet">{locked_reason}</span>
      </p>
    );
  const offered = states.includes(current_state) ? states : [current_state, ...states];
  return (
    <Select
      label={<span class="unseen">{t('What {name} may do', { name })}</span>}
      value={current_state}
      onChange={(state) => void set(state)}
      options={offered.map((value) => ({ value, label: stateName(value) }))}
    />
  );
}

function stateName(state: Permission): string {
  if (state === 'always_allow') return t('never asks');
  if (state === 'ask') return t('asks, unless granted');
  return state === 'ask_each_time' ? t('asks each time') : t('forbidden');
}

function GrantRow({ grant, onRevoked }: { readonly grant: Grant; onRevoked(): void }) {
  const { grant_id, scope, granted_at, expires_at, thread_id, influenced, outdated } = grant;
  const revoke = () =>
    api(`/api/grants/${encodeURIComponent(grant_id)}`, { method: 'DELETE' })
      .then(() => {
        toast({ text: t('Taken back.') });
        onRevoked();
      })
      .catch(toastError);
  return (
    <div class="permission-grant">
      <span class="grow">
        {t('Granted:')} {scope}
        <span class="quiet small">
          {' '}
          <Time at={granted_at} />
          {expires_at !== null && (
            <>
              {' · '}
              {t('until')} <Time at={expires_at} exact />
            </>
          )}
          {thread_id !== null && (
            <>
              {' · '}
              <a href={`/chat/${encodeURIComponent(thread_id)}`}>{t('in one conversation')}</a>
            </>
          )}
          {influenced && ` · ${t('also where words from outside had a hand in it')}`}
        </span>{' '}
        {outdated && (
          <Badge kind="warn" title={t('The tool is another one now, so that this covers nothing any more.')}>
            {t('outdated')}
          </Badge>
        )}
      </span>
      <Button tiny variant="danger" onClick={() => void revoke()}>
        {t('Revoke')}
      </Button>
    </div>
  );
}
