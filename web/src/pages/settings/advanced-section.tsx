import { Download, Upload } from 'lucide-preact';
import { useRef, useState } from 'preact/hooks';
import type {
  Setting,
  SettingsExportReply,
  SettingsImportReply,
  SettingsReply,
} from '../../../../src/core/api/settings.ts';
import { api } from '../../api.ts';
import { t } from '../../i18n.ts';
import { Button, Dialog, toast, toastError } from '../../ui/index.ts';
import { Shown } from '../shown.tsx';
import { type SettingValue, shown } from './pending.ts';
import { SettingRow } from './setting-row.tsx';
import type { SettingsStore } from './store.ts';

/** Every setting there is. */
export function AdvancedSection({ store }: { readonly store: SettingsStore }) {
  return (
    <Shown of={store.loading} lines={12}>
      {(reply) => (
        <>
          <div class="spread">
            <p class="place-lead">
              {t('Changes are written to')} <code>{reply.file}</code>
            </p>
            <ExportAndImport reply={reply} onImported={store.loading.again} />
          </div>
          {groups(reply.settings).map(([name, settings]) => (
            <section key={name} class="stack">
              <h2>{name}</h2>
              <div class="settings-list">
                {settings.map((setting) => (
                  <SettingRow key={setting.key} setting={setting} store={store} />
                ))}
              </div>
            </section>
          ))}
        </>
      )}
    </Shown>
  );
}

/** `gateway.port` belongs to `gateway`. */
function groups(settings: readonly Setting[]): readonly (readonly [string, readonly Setting[]])[] {
  const grouped = new Map<string, Setting[]>();
  for (const setting of settings) {
    const name = setting.key.split('.')[0] ?? '';
    grouped.set(name, [...(grouped.get(name) ?? []), setting]);
  }
  return [...grouped];
}

interface ExportAndImportProps {
  readonly reply: SettingsReply;
  onImported(): void;
}

type Imported = Readonly<Record<string, SettingValue>>;

function ExportAndImport({ reply, onImported }: ExportAndImportProps) {
  const picker = useRef<HTMLInputElement>(null);
  const [read, setRead] = useState<Imported>();
  const take = (file: File | undefined) => {
    if (!file) return;
    file.text().then((text) => setRead(settingsIn(text)), toastError);
  };
  return (
    <div class="row">
      <Button icon={Download} onClick={() => void exportSettings().catch(toastError)}>
        {t('Export')}
      </Button>
      <Button icon={Upload} onClick={() => picker.current?.click()}>
        {t('Import…')}
      </Button>
      <input
        ref={picker}
        type="file"
        accept="application/json,.json"
        hidden
        onChange={({ currentTarget }) => {
          take(currentTarget.files?.[0]);
          currentTarget.value = '';
        }}
      />
      {read && (
        <ImportDialog
          read={read}
          settings={reply.settings}
          onClose={() => setRead(undefined)}
          onImported={onImported}
        />
      )}
    </div>
  );
}

async function exportSettings(): Promise<void> {
  const exported = await api<SettingsExportReply>('/api/settings/export');
  const link = document.createElement('a');
  link.href = URL.createObjectURL(
    new Blob([JSON.stringify(exported, null, 2)], { type: 'application/json' }),
  );
  link.download = 'ironbark-settings.json';
  link.click();
  URL.revokeObjectURL(link.href);
}

/** What an export holds; empty where the file is something else. */
function settingsIn(text: string): Imported {
  try {
    const { settings } = JSON.parse(text);
    return typeof settings === 'object' && settings !== null && !Array.isArray(settings) ? settings : {};
  } catch {
    return {};
  }
}

interface ImportDialogProps {
  readonly read: Imported;
  readonly settings: readonly Setting[];
  onClose(): void;
  onImported(): void;
}

/** Shows what would change before anything does. */
function ImportDialog({ read, settings, onClose, onImported }: ImportDialogProps) {
  const [isBusy, setBusy] = useState(false);
  const now = new Map(settings.map(({ key, value }) => [key, value]));
  const changes = Object.entries(read).filter(
    ([key, value]) => JSON.stringify(now.get(key)) !== JSON.stringify(value),
  );
  const run = () => {
    setBusy(true);
    api<SettingsImportReply>('/api/settings/import', { body: { settings: read } })
      .then(({ changed, needs_restart }) => {
        const said = t('{count} settings were changed.', { count: changed.length });
        toast({ text: needs_restart ? `${said} ${t('Some count from the next start on.')}` : said });
        onClose();
        onImported();
      })
      .catch((error: unknown) => {
        setBusy(false);
        toastError(error);
      });
  };
  return (
    <Dialog
      open
      title={t('Import settings')}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{t('Cancel')}</Button>
          <Button variant="primary" busy={isBusy} disabled={changes.length === 0} onClick={run}>
            {t('Import')}
          </Button>
        </>
      }
    >
      {changes.length === 0 ? (
        <p>{t('There is nothing in this file that would change a setting.')}</p>
      ) : (
        <ul class="settings-changes">
          {changes.map(([key, value]) => (
            <li key={key}>
              <strong class="mono">{key}</strong>
              <p class="settings-change">
                <del>{shown(now.get(key) ?? null)}</del>
                <span aria-hidden="true">→</span>
                <ins>{shown(value)}</ins>
              </p>
            </li>
          ))}
        </ul>
      )}
    </Dialog>
  );
}
