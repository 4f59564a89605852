import { Check } from 'lucide-preact';
import { useState } from 'preact/hooks';
import type { ExtensionInstallReply } from '../../../../src/core/api/extensions.ts';
import { api } from '../../api.ts';
import { visible } from '../../format.ts';
import { t } from '../../i18n.ts';
import { Badge, Button, Dialog, TextInput, toast } from '../../ui/index.ts';
import { asError } from '../loaded.ts';

interface InstallDialogProps {
  onClose(): void;
  onInstalled(): void;
}

/** Looks at a tool first; installs it when the user has seen what it asks for. */
export function InstallDialog({ onClose, onInstalled }: InstallDialogProps) {
  const [path, setPath] = useState('');
  const [seen, see] = useState<ExtensionInstallReply>();
  const [error, setError] = useState<Error>();
  const [isBusy, setBusy] = useState(false);
  const send = (print?: string) => {
    setBusy(true);
    setError(undefined);
    api<ExtensionInstallReply>('/api/extensions/install', {
      body: { path: path.trim(), ...(print !== undefined && { print }) },
    })
      .then((reply) => {
        if (!reply.installed) return see(reply);
        toast({ text: reply.message });
        onClose();
        onInstalled();
      })
      .catch((thrown: unknown) => setError(asError(thrown)))
      .finally(() => setBusy(false));
  };
  return (
    <Dialog
      open
      title={t('Add a tool')}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{t('Cancel')}</Button>
          {seen === undefined ? (
            <Button variant="primary" busy={isBusy} disabled={path.trim() === ''} onClick={() => send()}>
              {t('Look at it')}
            </Button>
          ) : (
            <Button variant="primary" busy={isBusy} onClick={() => send(seen.print)}>
              {t('Install it, and approve this')}
            </Button>
          )}
        </>
      }
    >
      <div class="stack">
        <TextInput
          label={t('Where it lies')}
          hint={t(
            'A path on the machine that Ironbark runs on: a .wasm component, or a folder with tool.js.',
          )}
          placeholder="/home/me/tools/weather"
          error={error?.message}
          value={path}
          autoFocus
          spellcheck={false}
          onInput={(value) => {
            setPath(value);
            see(undefined);
          }}
          onKeyDown={({ key }) => key === 'Enter' && path.trim() !== '' && send(seen?.print)}
        />
        {isBusy && seen === undefined && (
          <p class="quiet small">
            {t('It is built and looked at; that takes a few seconds the first time.')}
          </p>
        )}
        {seen && <Seen seen={seen} />}
      </div>
    </Dialog>
  );
}

function Seen({
  seen: { name, version, description, asks, replaces, message },
}: {
  readonly seen: ExtensionInstallReply;
}) {
  return (
    <section class="stack">
      <h3 class="row">
        {name} {version !== null && <span class="quiet small">{version}</span>}
        {replaces && <Badge kind="warn">{t('replaces the one that is there')}</Badge>}
      </h3>
      <p>{visible(description)}</p>
      {asks.length === 0 ? (
        <p class="quiet">{t('It asks for nothing: it only computes.')}</p>
      ) : (
        <>
          <p>{t('It asks for this:')}</p>
          <ul class="extension-powers">
            {asks.map((words) => (
              <li key={words}>
                <Check size={15} aria-hidden="true" />
                <span>{visible(words)}</span>
              </li>
            ))}
          </ul>
        </>
      )}
      <p class="quiet small">{message}</p>
    </section>
  );
}
