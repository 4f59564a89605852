import { Plus, Puzzle } from 'lucide-preact';
import { useState } from 'preact/hooks';
import type { ExtensionsReply } from '../../../../src/core/api/extensions.ts';
import { api } from '../../api.ts';
import { t } from '../../i18n.ts';
import { go, place } from '../../route.ts';
import { Page } from '../../shell/page.tsx';
import { Button, CodeBlock, EmptyState, Tabs } from '../../ui/index.ts';
import { type Loading, useLoaded } from '../loaded.ts';
import { Shown } from '../shown.tsx';
import { BrokenTools } from './broken-tools.tsx';
import { ExtensionCard } from './extension-card.tsx';
import { InstallDialog } from './install-dialog.tsx';
import { ToolList } from './tool-list.tsx';
import './extensions.css';

/** Tools that came from outside, and all tools there are. */
export default function ExtensionsPage() {
  const tab = place.value.path.endsWith('/tools') ? 'tools' : 'extensions';
  const extensions = useLoaded('extensions', (signal) => api<ExtensionsReply>('/api/extensions', { signal }));
  const [isAdding, add] = useState(false);
  const isAvailable = extensions.now.is === 'ready' && extensions.now.value.available;
  return (
    <Page
      title={t('Extensions')}
      actions={
        isAvailable && (
          <Button icon={Plus} onClick={() => add(true)}>
            {t('Add')}
          </Button>
        )
      }
    >
      <Tabs
        label={t('Extensions')}
        chosen={tab}
        onChoose={(id) => go(id === 'tools' ? '/extensions/tools' : '/extensions', { replace: true })}
        tabs={[
          { id: 'extensions', title: t('Installed') },
          { id: 'tools', title: t('All tools') },
        ]}
      >
        {tab === 'tools' ? (
          <ToolList />
        ) : (
          <div class="stack">
            <BrokenTools />
            <Installed extensions={extensions} onAdd={() => add(true)} />
          </div>
        )}
      </Tabs>
      {isAdding && <InstallDialog onClose={() => add(false)} onInstalled={extensions.again} />}
    </Page>
  );
}

interface InstalledProps {
  readonly extensions: Loading<ExtensionsReply>;
  onAdd(): void;
}

function Installed({ extensions, onAdd }: InstalledProps) {
  return (
    <Shown of={extensions} lines={6}>
      {({ extensions: all, available, reason, folder }) => {
        if (!available)
          return (
            <EmptyState icon={Puzzle} title={t('No extensions here')}>
              {reason}
            </EmptyState>
          );
        if (all.length === 0) return <Nothing folder={folder} onAdd={onAdd} />;
        return (
          <ul class="extension-list">
            {all.map((extension) => (
              <li key={extension.name}>
                <ExtensionCard extension={extension} onChange={extensions.again} />
              </li>
            ))}
          </ul>
        );
      }}
    </Shown>
  );
}

function Nothing({ folder, onAdd }: { readonly folder: string; onAdd(): void }) {
  return (
    <EmptyState
      icon={Puzzle}
      title={t('No tools from outside yet')}
      action={
        <Button variant="primary" icon={Plus} onClick={onAdd}>
          {t('Add a tool')}
        </Button>
      }
    >
      <div class="stack">
        <p>
          {t(
            'A tool runs in a sandbox and starts with nothing: it reaches only what you approve, and never sees a secret. To begin with, try the one that knows the weather:',
          )}
        </p>
        <CodeBlock code="ironbark tool install extensions/weather" />
        <p class="small">
          {t('They lie in')} <code>{folder}</code>
        </p>
      </div>
    </EmptyState>
  );
}
