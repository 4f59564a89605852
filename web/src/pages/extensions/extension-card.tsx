import { Check, ShieldCheck, Trash2 } from 'lucide-preact';
import { useState } from 'preact/hooks';
import type { ActionReply, Extension } from '../../../../src/core/api/extensions.ts';
import { api } from '../../api.ts';
import { visible } from '../../format.ts';
import { t } from '../../i18n.ts';
import { Badge, Button, IconButton, toast } from '../../ui/index.ts';
import { Confirm } from '../settings/confirm.tsx';
import { ApproveDialog } from './approve-dialog.tsx';
import { ExtensionDetails } from './extension-details.tsx';

interface ExtensionCardProps {
  readonly extension: Extension;
  onChange(): void;
}

/** A tool from outside: whether it works, what it may do, and what it waits for. */
export function ExtensionCard({ extension, onChange }: ExtensionCardProps) {
  const { name, description, version, tools, activation_error, asks } = extension;
  const [asked, ask] = useState<'approve' | 'remove' | undefined>();
  const [isOpen, open] = useState(false);
  const remove = async () => {
    const { message } = await act(name, 'remove');
    toast({ text: message });
    onChange();
  };
  return (
    <article class="extension-card" aria-label={name}>
      <header class="extension-head">
        <h2 class="row grow">
          {name}
          {version !== null && <span class="quiet small">{version}</span>}
          <Standing extension={extension} />
        </h2>
        <div class="row">
          {asks.length > 0 && (
            <Button icon={ShieldCheck} onClick={() => ask('approve')}>
              {t('What it may do')}
            </Button>
          )}
          <IconButton icon={Trash2} label={t('Remove {name}', { name })} onClick={() => ask('remove')} />
        </div>
      </header>
      <p>{visible(description)}</p>
      {activation_error !== null && (
        <p class="problem" role="alert">
          {activation_error}
        </p>
      )}
      {(extension.active || asks.length > 0) && <Powers asks={asks} />}
      {tools.length > 0 && (
        <p class="row small">
          <span class="quiet">{t('Tools:')}</span>
          {tools.map((tool) => (
            <code key={tool}>{tool}</code>
          ))}
        </p>
      )}
      <details class="extension-more" onToggle={({ currentTarget }) => open(currentTarget.open)}>
        <summary>{t('Secrets and details')}</summary>
        {isOpen && <ExtensionDetails name={name} />}
      </details>
      {asked === 'approve' && (
        <ApproveDialog extension={extension} onClose={() => ask(undefined)} onApproved={onChange} />
      )}
      {asked === 'remove' && (
        <Confirm
          title={t('Remove {name}?', { name })}
          action={t('Remove')}
          onClose={() => ask(undefined)}
          run={remove}
        >
          {t('The tool goes, and what you approved of it. Its secrets stay.')}
        </Confirm>
      )}
    </article>
  );
}

const act = (name: string, what: 'remove'): Promise<ActionReply> =>
  api<ActionReply>(`/api/extensions/${encodeURIComponent(name)}/${what}`, { body: {} });

function Standing({
  extension: { active, needs_setup, authenticated, asks },
}: {
  readonly extension: Extension;
}) {
  if (!active) return <Badge kind="bad">{t('not in use')}</Badge>;
  if (needs_setup || !authenticated) return <Badge kind="warn">{t('needs a secret')}</Badge>;
  if (asks.some(({ approved }) => !approved)) return <Badge kind="warn">{t('not all approved')}</Badge>;
  return <Badge kind="good">{t('ready')}</Badge>;
}

/** What it may do, in plain words. */
function Powers({ asks }: Pick<Extension, 'asks'>) {
  const approved = asks.filter((one) => one.approved);
  if (asks.length === 0) return <p class="quiet small">{t('It asks for nothing: it only computes.')}</p>;
  if (approved.length === 0)
    return <p class="quiet small">{t('You have approved nothing of what it asks for.')}</p>;
  return (
    <ul class="extension-powers">
      {approved.map(({ id, words }) => (
        <li key={id}>
          <Check size={15} aria-hidden="true" />
          <span>{visible(words)}</span>
        </li>
      ))}
    </ul>
  );
}
