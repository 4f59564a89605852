import { Save } from 'lucide-preact';
import { useState } from 'preact/hooks';
import type { SettingsReply } from '../../../../src/core/api/settings.ts';
import { t } from '../../i18n.ts';
import { Badge, Button, Dialog } from '../../ui/index.ts';
import { changesOf, type PendingChange, shown } from './pending.ts';
import type { SettingsStore } from './store.ts';

interface PendingBarProps {
  readonly store: SettingsStore;
  readonly reply: SettingsReply;
}

/** At the foot of the page while something is changed and not saved. */
export function PendingBar({ store, reply }: PendingBarProps) {
  const [isOpen, setOpen] = useState(false);
  const [isBusy, setBusy] = useState(false);
  const changes = changesOf(reply.settings, store.pending);
  if (changes.length === 0) return null;
  const save = () => {
    setBusy(true);
    void store.save().finally(() => {
      setBusy(false);
      setOpen(false);
    });
  };
  return (
    <div class="settings-pending" role="status">
      <span class="grow">
        {changes.length === 1
          ? t('1 change is not saved')
          : t('{count} changes are not saved', { count: changes.length })}
        {store.refused.size > 0 && (
          <Badge kind="bad">{t('{count} refused', { count: store.refused.size })}</Badge>
        )}
      </span>
      <Button variant="ghost" onClick={store.discard}>
        {t('Discard')}
      </Button>
      <Button variant="primary" icon={Save} onClick={() => setOpen(true)}>
        {t('Review and save')}
      </Button>
      <Dialog
        title={t('Save these changes?')}
        open={isOpen}
        onClose={() => setOpen(false)}
        footer={
          <>
            <Button onClick={() => setOpen(false)}>{t('Cancel')}</Button>
            <Button variant="primary" busy={isBusy} onClick={save}>
              {t('Save')}
            </Button>
          </>
        }
      >
        <ul class="settings-changes">
          {changes.map((change) => (
            <li key={change.setting.key}>
              <Change change={change} />
            </li>
          ))}
        </ul>
        <p class="quiet small">{t('Written to {file}.', { file: reply.file })}</p>
      </Dialog>
    </div>
  );
}

function Change({ change: { setting, to } }: { readonly change: PendingChange }) {
  return (
    <>
      <p class="row">
        <strong class="mono">{setting.key}</strong>
        {setting.needs_restart && <Badge kind="warn">{t('counts from the next start on')}</Badge>}
      </p>
      <p class="settings-change">
        <del>{shown(setting.value)}</del>
        <span aria-hidden="true">→</span>
        <ins>{to === null ? t('{value}, the default', { value: shown(setting.default) }) : shown(to)}</ins>
      </p>
    </>
  );
}
