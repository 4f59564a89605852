import { Contrast, Keyboard, LogOut } from 'lucide-preact';
import { theme } from '../appearance.ts';
import { t } from '../i18n.ts';
import type { Shortcut } from '../keys.ts';
import { isPaletteOpen, type PaletteCommand } from '../palette.ts';
import { go } from '../route.ts';
import { disconnected } from '../session.ts';
import { PAGES } from './pages.ts';
import { isSheetOpen } from './shortcut-sheet.tsx';

const openSheet = () => {
  isSheetOpen.value = true;
};

export function keysOfShell(): readonly Shortcut[] {
  const pages = PAGES.map(({ path, title, key }) => ({
    keys: `g ${key}`,
    about: t(title),
    group: t('Pages'),
    run: () => go(path),
  }));
  return [
    { keys: 'mod+k', about: t('Search and commands'), run: togglePalette },
    { keys: '?', about: t('Keyboard shortcuts'), run: openSheet },
    ...pages,
  ];
}

function togglePalette(): void {
  isPaletteOpen.value = !isPaletteOpen.peek();
}

export function commandsOfShell(): readonly PaletteCommand[] {
  const pages = PAGES.map(({ path, title, icon }) => ({
    id: `page ${path}`,
    title: t(title),
    group: t('Pages'),
    icon,
    run: () => go(path),
  }));
  const actions = t('Actions');
  const themes = (['system', 'light', 'dark'] as const).map((name) => ({
    id: `theme ${name}`,
    title: {
      system: t('Colours as the system has them'),
      light: t('Light colours'),
      dark: t('Dark colours'),
    }[name],
    group: actions,
    icon: Contrast,
    words: 'theme mode',
    run: () => {
      theme.value = name;
    },
  }));
  return [
    ...pages,
    { id: 'shortcuts', title: t('Keyboard shortcuts'), group: actions, icon: Keyboard, run: openSheet },
    ...themes,
    { id: 'log out', title: t('Log out'), group: actions, icon: LogOut, run: () => void logOut() },
  ];
}

async function logOut(): Promise<void> {
  await fetch('/logout', { method: 'POST' });
  disconnected.value = 'logged-out';
}
