import { Ellipsis, Search } from 'lucide-preact';
import { useState } from 'preact/hooks';
import { connection } from '../connection.ts';
import { t } from '../i18n.ts';
import { isPaletteOpen } from '../palette.ts';
import { place } from '../route.ts';
import { Sheet } from '../ui/index.ts';
import { PAGES, type PageEntry, pageAt } from './pages.ts';

/** The pages, at the side of a wide window. */
export function Rail() {
  return (
    <aside class="rail" aria-label={t('Pages')}>
      <img class="rail-logo" src="/icon.svg" alt="" width="32" height="32" />
      <nav>
        {PAGES.map((page) => (
          <PageLink key={page.path} page={page} />
        ))}
      </nav>
      <button
        type="button"
        class="rail-link"
        title={t('Search and commands (Ctrl K)')}
        onClick={() => {
          isPaletteOpen.value = true;
        }}
      >
        <Search size={19} aria-hidden="true" />
        <span>{t('Search')}</span>
      </button>
      <ConnectionMark />
    </aside>
  );
}

function PageLink({ page, onClick }: { readonly page: PageEntry; readonly onClick?: () => void }) {
  const { path, title, icon: Icon } = page;
  const isHere = pageAt(place.value.path) === page;
  return (
    <a href={path} class="rail-link" aria-current={isHere ? 'page' : undefined} onClick={onClick}>
      <Icon size={20} strokeWidth={isHere ? 2.2 : 1.8} aria-hidden="true" />
      <span>{t(title)}</span>
    </a>
  );
}

/** A dot that says whether the server is there. Words for it stand in the banner when it is not. */
function ConnectionMark() {
  const { is } = connection.value;
  const text = is === 'connected' ? t('Connected') : t('Connecting…');
  return (
    <p class={`connection ${is}`} title={text}>
      <span class="unseen">{text}</span>
    </p>
  );
}

const IN_TABS = ['/', '/memory', '/routines', '/inspect'];

/** The pages, at the foot of a phone's window. */
export function BottomTabs() {
  const [isOpen, setOpen] = useState(false);
  const tabs = PAGES.filter(({ path }) => IN_TABS.includes(path));
  const others = PAGES.filter(({ path }) => !IN_TABS.includes(path));
  const isElsewhere = others.some((page) => page === pageAt(place.value.path));
  return (
    <nav class="bottom-tabs" aria-label={t('Pages')}>
      {tabs.map((page) => (
        <PageLink key={page.path} page={page} />
      ))}
      <button
        type="button"
        class="rail-link"
        aria-current={isElsewhere ? 'page' : undefined}
        onClick={() => setOpen(true)}
      >
        <Ellipsis size={20} aria-hidden="true" />
        <span>{t('More')}</span>
      </button>
      <Sheet title={t('Pages')} open={isOpen} onClose={() => setOpen(false)}>
        <div class="more-pages">
          {others.map((page) => (
            <PageLink key={page.path} page={page} onClick={() => setOpen(false)} />
          ))}
        </div>
      </Sheet>
    </nav>
  );
}
