import { useEffect } from 'preact/hooks';
import { t } from '../i18n.ts';
import { bindKeys } from '../keys.ts';
import { addCommands, isPaletteOpen } from '../palette.ts';
import { go, place } from '../route.ts';
import { disconnected } from '../session.ts';
import { EmptyState, Toasts } from '../ui/index.ts';
import { Banner } from './banner.tsx';
import { commandsOfShell, keysOfShell } from './commands.ts';
import { LoggedOut } from './logged-out.tsx';
import { BottomTabs, Rail } from './navigation.tsx';
import { Page } from './page.tsx';
import { pageAt } from './pages.ts';
import { Palette } from './palette-dialog.tsx';
import { PlaceOf } from './place-of.tsx';
import { ShortcutSheet } from './shortcut-sheet.tsx';
import './shell.css';

/** Everything that is there on every page. */
export function Shell() {
  useEffect(() => bindKeys(keysOfShell()), []);
  useEffect(() => addCommands(commandsOfShell()), []);
  if (disconnected.value === 'logged-out') return <LoggedOut />;
  const page = pageAt(place.value.path);
  return (
    <div class="shell" data-palette={isPaletteOpen.value}>
      <Rail />
      <main class="shell-main">
        <Banner />
        {page ? <PlaceOf key={page.path} page={page} /> : <NoSuchPage />}
      </main>
      <BottomTabs />
      <Palette />
      <ShortcutSheet />
      <Toasts />
    </div>
  );
}

function NoSuchPage() {
  return (
    <Page title={t('Not found')}>
      <EmptyState
        title={t('There is no such page')}
        action={
          <button type="button" class="button" onClick={() => go('/')}>
            {t('To the chat')}
          </button>
        }
      />
    </Page>
  );
}
