import { Brain, FilePlus } from 'lucide-preact';
import type { MemoryStatusReply, MemoryTreeReply } from '../../../../src/core/api/memory.ts';
import { api } from '../../api.ts';
import { bytes, count } from '../../format.ts';
import { t } from '../../i18n.ts';
import { Button, CodeBlock, EmptyState, Time } from '../../ui/index.ts';
import { Facts } from '../facts.tsx';
import { useLoaded } from '../loaded.ts';
import { Shown } from '../shown.tsx';
import { documentAddress } from './addresses.ts';

const LATEST = 12;

interface OverviewProps {
  /** Changes where memory may have changed. */
  readonly round: number;
  onNew(): void;
}

/** What there is of memory, where no document is chosen. */
export function Overview({ round, onNew }: OverviewProps) {
  const status = useLoaded(
    'status',
    (signal) => api<MemoryStatusReply>('/api/memory/status', { signal }),
    round,
  );
  return (
    <div class="memory-overview stack">
      <Shown of={status} lines={3}>
        {(status) =>
          status.documents === 0 ? <Empty onNew={onNew} /> : <Filled status={status} round={round} />
        }
      </Shown>
    </div>
  );
}

function Empty({ onNew }: { onNew(): void }) {
  return (
    <EmptyState
      icon={Brain}
      title={t('Nothing is remembered yet')}
      action={
        <Button variant="primary" icon={FilePlus} onClick={onNew}>
          {t('Write a document')}
        </Button>
      }
    >
      <div class="stack">
        <p>{t('Say in a conversation what is worth knowing again, for example:')}</p>
        <p class="place-example">{t('Remember that I prefer trains to planes.')}</p>
        <p>{t('Notes that you have already are brought in by a command:')}</p>
        <CodeBlock code="ironbark memory import ~/notes" />
      </div>
    </EmptyState>
  );
}

interface FilledProps {
  readonly status: MemoryStatusReply;
  readonly round: number;
}

function Filled({ status, round }: FilledProps) {
  const { documents, bytes: size, versions, vectors } = status;
  return (
    <>
      <Facts
        facts={[
          [t('Documents'), count(documents)],
          [t('Size'), bytes(size)],
          [t('Versions kept'), count(versions)],
          [t('Found by meaning'), meaning(vectors)],
        ]}
      />
      {vectors.trouble !== undefined && <p class="memory-note">{vectors.trouble}</p>}
      <Latest round={round} />
    </>
  );
}

function meaning({ model, embedded, pending }: MemoryStatusReply['vectors']): string {
  if (model === undefined) return t('off');
  if (pending === 0) return t('yes');
  return `${Math.floor((embedded / (embedded + pending)) * 100)} %`;
}

function Latest({ round }: { readonly round: number }) {
  const tree = useLoaded('tree', (signal) => api<MemoryTreeReply>('/api/memory/tree', { signal }), round);
  return (
    <section class="stack">
      <h2>{t('Changed last')}</h2>
      <Shown of={tree} lines={6}>
        {({ entries }) => (
          <ul class="memory-latest">
            {entries
              .filter(({ is_dir }) => !is_dir)
              .sort((a, b) => (b.updated_at ?? '').localeCompare(a.updated_at ?? ''))
              .slice(0, LATEST)
              .map(({ path, updated_at }) => (
                <li key={path}>
                  <a href={documentAddress(path)} class="spread">
                    <span class="cut">{path}</span>
                    {updated_at !== undefined && (
                      <span class="quiet small">
                        <Time at={updated_at} />
                      </span>
                    )}
                  </a>
                </li>
              ))}
          </ul>
        )}
      </Shown>
    </section>
  );
}
