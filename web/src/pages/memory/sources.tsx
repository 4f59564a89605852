import { useState } from 'preact/hooks';
import type { MemoryExplainReply } from '../../../../src/core/api/memory.ts';
import { api } from '../../api.ts';
import { visible } from '../../format.ts';
import { t } from '../../i18n.ts';
import { Button } from '../../ui/index.ts';
import { useLoaded } from '../loaded.ts';
import { Shown } from '../shown.tsx';
import { conversationAddress, documentAddress } from './addresses.ts';
import { ForgetDialog, type ForgetTarget } from './forget-dialog.tsx';
import { Origins } from './origins.tsx';

interface SourcesProps {
  readonly path: string;
  onForget(): void;
}

type Passage = MemoryExplainReply['passages'][number];
type Source = Passage['sources'][number];

interface Doomed {
  readonly target: ForgetTarget;
  readonly what: string;
}

/** Where each passage of a document came from. */
export function Sources({ path, onForget }: SourcesProps) {
  const explained = useLoaded(path, (signal) =>
    api<MemoryExplainReply>('/api/memory/explain', { query: { path }, signal }),
  );
  const [doomed, doom] = useState<Doomed>();
  return (
    <>
      <Shown of={explained} lines={6}>
        {({ passages }) => (
          <ol class="memory-passages">
            {passages.map((passage) => (
              <li key={passage.first_line}>
                <PassageView passage={passage} onDoom={doom} />
              </li>
            ))}
          </ol>
        )}
      </Shown>
      {doomed && <ForgetDialog {...doomed} onClose={() => doom(undefined)} onForgotten={onForget} />}
    </>
  );
}

interface PassageViewProps {
  readonly passage: Passage;
  onDoom(doomed: Doomed): void;
}

function PassageView({ passage, onDoom }: PassageViewProps) {
  const { first_line: first, last_line: last, text, sources } = passage;
  const lines = first === last ? t('Line {first}', { first }) : t('Lines {first} to {last}', { first, last });
  return (
    <div class="memory-passage">
      <div>
        <p class="quiet small">{lines}</p>
        <pre class="memory-passage-text">{visible(text)}</pre>
      </div>
      <ul class="memory-passage-sources">
        {sources.map((source) => (
          <li key={`${source.at} ${source.says}`} class="stack">
            <SourceView source={source} onDoom={onDoom} />
          </li>
        ))}
        {sources.length === 0 && <li class="quiet">{t('It is not known where this came from.')}</li>}
      </ul>
    </div>
  );
}

interface SourceViewProps {
  readonly source: Source;
  onDoom(doomed: Doomed): void;
}

function SourceView({ source, onDoom }: SourceViewProps) {
  const { says, origins, thread_id, turn_id, derived_from = [], by, name } = source;
  const isImport = by === 'import' && name !== undefined;
  return (
    <>
      <p>{visible(says)}</p>
      <Origins origins={origins} />
      <p class="row small">
        {derived_from.map((path) => (
          <a key={path} href={documentAddress(path)}>
            {path}
          </a>
        ))}
        {thread_id !== undefined && <a href={conversationAddress(thread_id)}>{t('The conversation')}</a>}
        {thread_id !== undefined && turn_id !== undefined && (
          <a
            href={`/inspect?conversation=${encodeURIComponent(thread_id)}&turn=${encodeURIComponent(turn_id)}`}
          >
            {t('The turn')}
          </a>
        )}
        {thread_id !== undefined && (
          <Button
            tiny
            variant="ghost"
            onClick={() =>
              onDoom({ target: { kind: 'conversation', thread_id }, what: t('all of this conversation') })
            }
          >
            {t('Forget all of this conversation…')}
          </Button>
        )}
        {isImport && (
          <Button
            tiny
            variant="ghost"
            onClick={() => onDoom({ target: { kind: 'source', source: name }, what: name })}
          >
            {t('Forget all of this import…')}
          </Button>
        )}
        {origins.map((source) => (
          <Button
            key={source}
            tiny
            variant="ghost"
            onClick={() => onDoom({ target: { kind: 'source', source }, what: source })}
          >
            {t('Forget all of {source}…', { source: visible(source) })}
          </Button>
        ))}
      </p>
    </>
  );
}
