import type { RoutineDueReply } from '../../../../src/core/api/routines.ts';
import { api } from '../../api.ts';
import { t } from '../../i18n.ts';
import { Badge, Table } from '../../ui/index.ts';
import { useLoaded } from '../loaded.ts';
import { Shown } from '../shown.tsx';
import { apiOf } from './actions.ts';
import { dayAndTime, dueStateOf } from './words.ts';

type Due = RoutineDueReply['due'][number];

interface DueListProps {
  readonly id: string;
  readonly version: number;
}

/** Every time at which it was due, and what became of it: nothing is left out. */
export function DueList({ id, version }: DueListProps) {
  const due = useLoaded(
    id,
    (signal) => api<RoutineDueReply>(apiOf(id, '/due'), { query: { limit: 50 }, signal }),
    version,
  );
  return (
    <section class="stack">
      <h2>{t('Due times')}</h2>
      <Shown of={due} lines={3}>
        {({ due }) =>
          due.length === 0 ? (
            <p class="quiet">{t('It was never due yet.')}</p>
          ) : (
            <Table
              caption={t('Due times')}
              rows={due}
              rowKey={({ due_at }) => due_at}
              columns={[
                { key: 'at', head: t('Due'), cell: ({ due_at }) => <DueAt at={due_at} /> },
                { key: 'state', head: t('Became'), cell: (one) => <State due={one} /> },
                { key: 'why', head: t('Why'), cell: ({ reason }) => reason ?? '' },
              ]}
            />
          )
        }
      </Shown>
    </section>
  );
}

const DueAt = ({ at }: { readonly at: string }) => <span class="place-moment">{dayAndTime(at)}</span>;

function State({ due }: { readonly due: Due }) {
  const { text, kind } = dueStateOf(due);
  return <Badge kind={kind}>{text}</Badge>;
}
