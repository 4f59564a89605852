import { SearchX } from 'lucide-preact';
import type { MemorySearchReply } from '../../../../src/core/api/memory.ts';
import { api } from '../../api.ts';
import { visible } from '../../format.ts';
import { t } from '../../i18n.ts';
import { EmptyState, Time } from '../../ui/index.ts';
import { useLoaded } from '../loaded.ts';
import { Shown } from '../shown.tsx';
import { documentAddress } from './addresses.ts';
import { Marked } from './marked.tsx';
import { Origins } from './origins.tsx';

const MOST = 30;

type Hit = MemorySearchReply['results'][number];

interface ResultsProps {
  readonly query: string;
  /** The document that is shown. */
  readonly chosen: string | undefined;
  /** Changes where memory may have changed. */
  readonly round: number;
}

/** Passages that fit what was looked for, the best first. */
export function Results({ query, chosen, round }: ResultsProps) {
  const found = useLoaded(
    query,
    (signal) => api<MemorySearchReply>('/api/memory/search', { body: { query, limit: MOST }, signal }),
    round,
  );
  return (
    <Shown of={found} lines={9}>
      {({ results, partial }) => (
        <>
          {partial !== undefined && <p class="memory-note small">{partial}</p>}
          {results.length === 0 ? (
            <EmptyState icon={SearchX} title={t('Nothing found')}>
              {t('Try other words. “Two words” in quotes are looked for together, -word leaves it out.')}
            </EmptyState>
          ) : (
            <ol class="memory-hits" aria-label={t('Found')}>
              {results.map((hit) => (
                <li key={`${hit.path} ${hit.passage ?? 0} ${hit.content}`}>
                  <Found hit={hit} query={query} isChosen={hit.path === chosen} />
                </li>
              ))}
            </ol>
          )}
        </>
      )}
    </Shown>
  );
}

interface FoundProps {
  readonly hit: Hit;
  readonly query: string;
  readonly isChosen: boolean;
}

function Found({ hit, query, isChosen }: FoundProps) {
  return (
    <a
      class="memory-hit"
      href={documentAddress(hit.path, query)}
      aria-current={isChosen ? 'page' : undefined}
    >
      <span class="spread">
        <strong class="cut">{visible(hit.path)}</strong>
        <Score score={hit.score} />
      </span>
      <span class="memory-hit-text">
        <Marked text={visible(hit.content)} query={query} ranges={hit.highlights} />
      </span>
      <span class="row quiet small">
        <Time at={hit.updated_at} />
        <Origins origins={hit.origins} />
      </span>
    </a>
  );
}

function Score({ score }: { readonly score: number }) {
  const text = score.toFixed(2);
  return (
    <span class="memory-score" title={t('How well it fits, from 0 to 1')}>
      <i aria-hidden="true">
        <b style={{ width: `${Math.round(score * 100)}%` }} />
      </i>
      {text}
    </span>
  );
}
