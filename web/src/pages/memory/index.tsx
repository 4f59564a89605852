import { FilePlus, Sparkles } from 'lucide-preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { t } from '../../i18n.ts';
import { bindKeys } from '../../keys.ts';
import { addCommands } from '../../palette.ts';
import { go, place } from '../../route.ts';
import { Page } from '../../shell/page.tsx';
import { Button } from '../../ui/index.ts';
import { useLoaded } from '../loaded.ts';
import { Shown } from '../shown.tsx';
import { documentAddress, searchAddress } from './addresses.ts';
import { allPaths } from './all-paths.ts';
import { DocumentView } from './document.tsx';
import { Documents } from './documents.tsx';
import { drafts } from './drafts.ts';
import { NewDocument } from './new-document.tsx';
import { Overview } from './overview.tsx';
import { Results } from './results.tsx';
import { SearchBox } from './search-box.tsx';
import { TidySheet } from './tidy-sheet.tsx';
import './memory.css';

/** What the assistant remembers: to find, read, change and forget. */
export default function MemoryPage() {
  const { query } = place.value;
  const path = query.get('path') ?? undefined;
  const words = query.get('q') ?? '';
  const [round, setRound] = useState(0);
  const [asked, ask] = useState<'new' | 'tidy' | undefined>();
  const all = useLoaded('paths', allPaths);
  const search = useRef<HTMLDivElement>(null);
  const changed = () => {
    all.again();
    setRound((round) => round + 1);
  };
  useReturn(changed);
  useEffect(() => {
    const undo = [
      bindKeys([
        {
          keys: '/',
          about: t('Search memory'),
          group: t('Memory'),
          run: () => search.current?.querySelector('input')?.focus(),
        },
      ]),
      addCommands([
        {
          id: 'memory-new',
          title: t('New document in memory'),
          group: t('Actions'),
          icon: FilePlus,
          run: () => ask('new'),
        },
        {
          id: 'memory-tidy',
          title: t('Tidy memory'),
          group: t('Actions'),
          icon: Sparkles,
          run: () => ask('tidy'),
        },
      ]),
    ];
    return () => {
      for (const end of undo) end();
    };
  }, []);
  const paths = all.now.is === 'ready' ? all.now.value.paths : [];
  return (
    <Page
      title={t('Memory')}
      fill
      actions={
        <>
          <Button variant="ghost" icon={Sparkles} onClick={() => ask('tidy')}>
            {t('Tidy')}
          </Button>
          <Button icon={FilePlus} onClick={() => ask('new')}>
            {t('New')}
          </Button>
        </>
      }
    >
      <div class={path === undefined ? 'memory' : 'memory has-document'}>
        <div class="memory-side">
          <div ref={search}>
            <SearchBox words={words} onWords={(words) => go(searchAddress(words, path), { replace: true })} />
          </div>
          <div class="memory-list">
            {words === '' ? (
              <Shown of={all} lines={8}>
                {(all) => <Documents all={all} chosen={path} />}
              </Shown>
            ) : (
              <Results query={words} chosen={path} round={round} />
            )}
          </div>
        </div>
        <div class="memory-main">
          {path === undefined ? (
            <Overview round={round} onNew={() => ask('new')} />
          ) : (
            <DocumentView key={path} path={path} back={searchAddress(words)} onChange={changed} />
          )}
        </div>
      </div>
      {asked === 'tidy' && <TidySheet onClose={() => ask(undefined)} onChange={changed} />}
      {asked === 'new' && (
        <NewDocument
          isTaken={(path) => paths.includes(path)}
          onClose={() => ask(undefined)}
          onName={(path) => {
            ask(undefined);
            drafts.set(path, { text: '', base: '', from: undefined });
            go(documentAddress(path));
          }}
        />
      )}
    </Page>
  );
}

/** Looks anew when the user comes back to the tab: the assistant may have written meanwhile. */
function useReturn(work: () => void): void {
  const latest = useRef(work);
  latest.current = work;
  useEffect(() => {
    const look = () => !document.hidden && latest.current();
    document.addEventListener('visibilitychange', look);
    return () => document.removeEventListener('visibilitychange', look);
  }, []);
}
