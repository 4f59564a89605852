import { useState } from 'preact/hooks';
import type { MemoryReadReply } from '../../../../src/core/api/memory.ts';
import { api } from '../../api.ts';
import { t } from '../../i18n.ts';
import { Button, Diff, Time } from '../../ui/index.ts';
import { useLoaded } from '../loaded.ts';
import { Shown } from '../shown.tsx';
import type { Draft } from './drafts.ts';

interface ConflictProps {
  readonly path: string;
  readonly draft: Draft;
  /** Writes over this version. */
  onWriteOver(version: number): void;
  onDiscard(): void;
}

/** The document was changed by somebody else meanwhile: what by, and what can be done. */
export function Conflict({ path, draft, onWriteOver, onDiscard }: ConflictProps) {
  const theirs = useLoaded(`${path} ${draft.from}`, (signal) =>
    api<MemoryReadReply>('/api/memory/read', { query: { path }, signal }),
  );
  return (
    <div class="memory-conflict stack" role="alert">
      <p>
        <strong>{t('Somebody else changed this document meanwhile.')}</strong>{' '}
        {t('Nothing was written, and your text is still here.')}
      </p>
      <Shown of={theirs} lines={2}>
        {(theirs) => (
          <Choices draft={draft} theirs={theirs} onWriteOver={onWriteOver} onDiscard={onDiscard} />
        )}
      </Shown>
    </div>
  );
}

interface ChoicesProps extends Omit<ConflictProps, 'path'> {
  readonly theirs: MemoryReadReply;
}

function Choices({ draft, theirs, onWriteOver, onDiscard }: ChoicesProps) {
  const [view, setView] = useState<'theirs' | 'mine' | undefined>();
  const toggle = (wanted: 'theirs' | 'mine') => setView(view === wanted ? undefined : wanted);
  return (
    <>
      <p class="small">
        {draft.from === undefined
          ? t('It did not exist when you began.')
          : t('You began from version {from}; now it is version {now}, written', {
              from: draft.from,
              now: theirs.version,
            })}{' '}
        <Time at={theirs.updated_at} />
      </p>
      <div class="row">
        <Button aria-pressed={view === 'theirs'} onClick={() => toggle('theirs')}>
          {t('What they changed')}
        </Button>
        <Button aria-pressed={view === 'mine'} onClick={() => toggle('mine')}>
          {t('What saving mine would change')}
        </Button>
        <Button variant="danger" onClick={() => onWriteOver(theirs.version)}>
          {t('Save mine over it')}
        </Button>
        <Button onClick={onDiscard}>{t('Take theirs')}</Button>
      </div>
      {view === 'theirs' && <Diff before={draft.base} after={theirs.content} />}
      {view === 'mine' && <Diff before={theirs.content} after={draft.text} />}
    </>
  );
}
