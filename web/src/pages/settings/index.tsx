import { ArrowLeft, RotateCw } from 'lucide-preact';
import { useEffect, useRef } from 'preact/hooks';
import { t } from '../../i18n.ts';
import { bindKeys } from '../../keys.ts';
import { addCommands } from '../../palette.ts';
import { go, place } from '../../route.ts';
import { Page } from '../../shell/page.tsx';
import { TextInput } from '../../ui/index.ts';
import { AdvancedSection } from './advanced-section.tsx';
import { AppearanceSection } from './appearance-section.tsx';
import { BudgetsSection } from './budgets-section.tsx';
import { FoundSection } from './found-section.tsx';
import { PendingBar } from './pending-bar.tsx';
import { PermissionsSection } from './permissions-section.tsx';
import { ProfileSection } from './profile-section.tsx';
import { ProvidersSection } from './providers-section.tsx';
import { SecretsSection } from './secrets-section.tsx';
import { type SectionId, sectionAt, sections } from './sections.ts';
import { type SettingsStore, useSettings } from './store.ts';
import { TokensSection } from './tokens-section.tsx';
import './settings.css';

/** Everything that can be set, to look through and to search. */
export default function SettingsPage() {
  const { path, query } = place.value;
  const words = (query.get('q') ?? '').trim();
  const chosen = sectionAt(path);
  const store = useSettings();
  const search = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const undo = [
      bindKeys([
        {
          keys: '/',
          about: t('Search settings'),
          group: t('Settings'),
          run: () => search.current?.querySelector('input')?.focus(),
        },
      ]),
      addCommands(
        sections().map(({ id, title, icon, words }) => ({
          id: `settings-${id}`,
          title,
          group: t('Settings'),
          icon,
          words,
          run: () => go(`/settings/${id}`),
        })),
      ),
    ];
    return () => {
      for (const end of undo) end();
    };
  }, []);
  const isPlain = words === '' && chosen === undefined;
  const section = chosen ?? sections()[0];
  return (
    <Page
      title={t('Settings')}
      fill
      search={
        <div ref={search}>
          <TextInput
            type="search"
            label={<span class="unseen">{t('Search settings')}</span>}
            placeholder={t('Search settings')}
            value={query.get('q') ?? ''}
            onInput={(words) =>
              go(words === '' ? path : `${path}?${new URLSearchParams({ q: words })}`, { replace: true })
            }
          />
        </div>
      }
    >
      <div class={isPlain ? 'settings is-plain' : 'settings'}>
        <Sections chosen={words === '' ? section?.id : undefined} />
        <div class="settings-main">
          <div class="settings-content stack">
            <a href="/settings" class="button ghost settings-back">
              <ArrowLeft size={16} aria-hidden="true" />
              {t('All settings')}
            </a>
            <RestartNote store={store} />
            {words !== '' ? (
              <>
                <h2 class="settings-title">{t('Found')}</h2>
                <FoundSection words={words} store={store} />
              </>
            ) : (
              section && (
                <>
                  <h2 class="settings-title">{section.title}</h2>
                  <Chosen id={section.id} store={store} />
                </>
              )
            )}
          </div>
          {store.loading.now.is === 'ready' && <PendingBar store={store} reply={store.loading.now.value} />}
        </div>
      </div>
    </Page>
  );
}

function Sections({ chosen }: { readonly chosen: SectionId | undefined }) {
  return (
    <nav class="settings-nav" aria-label={t('Sections')}>
      {sections().map(({ id, title, about, icon: Icon }) => (
        <a key={id} href={`/settings/${id}`} aria-current={id === chosen ? 'page' : undefined}>
          <Icon size={18} aria-hidden="true" />
          <span class="grow">
            {title}
            <span class="settings-about quiet small">{about}</span>
          </span>
        </a>
      ))}
    </nav>
  );
}

function Chosen({ id, store }: { readonly id: SectionId; readonly store: SettingsStore }) {
  switch (id) {
    case 'providers':
      return <ProvidersSection />;
    case 'budgets':
      return <BudgetsSection store={store} />;
    case 'permissions':
      return <PermissionsSection />;
    case 'secrets':
      return <SecretsSection />;
    case 'tokens':
      return <TokensSection />;
    case 'profile':
      return <ProfileSection />;
    case 'appearance':
      return <AppearanceSection />;
    case 'advanced':
      return <AdvancedSection store={store} />;
  }
}

function RestartNote({ store }: { readonly store: SettingsStore }) {
  const waiting = store.loading.now.is === 'ready' ? store.loading.now.value.restart_pending : [];
  if (waiting.length === 0) return null;
  return (
    <p class="settings-note warn row">
      <RotateCw size={16} aria-hidden="true" />
      <span class="grow">
        {t('Counts from the next start on: {keys}. To start anew: “ironbark stop”, then “ironbark serve”.', {
          keys: waiting.join(', '),
        })}
      </span>
    </p>
  );
}
