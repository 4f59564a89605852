import type { RoutineRunInfo, RoutineRunsReply } from '../../../../src/core/api/routines.ts';
import { api } from '../../api.ts';
import { count, duration } from '../../format.ts';
import { t } from '../../i18n.ts';
import { Badge, Table, Time } from '../../ui/index.ts';
import { useLoaded } from '../loaded.ts';
import { Shown } from '../shown.tsx';
import { apiOf } from './actions.ts';
import { runStateOf } from './words.ts';

interface RunListProps {
  readonly id: string;
  readonly version: number;
}

export function RunList({ id, version }: RunListProps) {
  const runs = useLoaded(
    id,
    (signal) => api<RoutineRunsReply>(apiOf(id, '/runs'), { query: { limit: 50 }, signal }),
    version,
  );
  return (
    <section class="stack">
      <h2>{t('Runs')}</h2>
      <Shown of={runs} lines={3}>
        {({ runs }) =>
          runs.length === 0 ? <p class="quiet">{t('It has not run yet.')}</p> : <Runs runs={runs} />
        }
      </Shown>
    </section>
  );
}

function Runs({ runs }: Pick<RoutineRunsReply, 'runs'>) {
  return (
    <Table
      caption={t('Runs')}
      rows={runs}
      rowKey={({ id }) => id}
      columns={[
        { key: 'at', head: t('Began'), cell: ({ started_at }) => <Moment at={started_at} /> },
        { key: 'state', head: t('State'), cell: (run) => <RunState run={run} /> },
        { key: 'cause', head: t('Why'), cell: ({ cause }) => cause },
        { key: 'result', head: t('Result'), cell: (run) => <Result run={run} /> },
        { key: 'took', head: t('Took'), end: true, cell: took },
        { key: 'tokens', head: t('Tokens'), end: true, cell: ({ tokens_used }) => count(tokens_used) },
        { key: 'trace', head: t('Trace'), cell: (run) => <Trace run={run} /> },
      ]}
    />
  );
}

const Moment = ({ at }: { readonly at: string }) => (
  <span class="place-moment">
    <Time at={at} />
  </span>
);

interface RunProps {
  readonly run: RoutineRunInfo;
}

function RunState({ run }: RunProps) {
  const { text, kind } = runStateOf(run);
  return <Badge kind={kind}>{text}</Badge>;
}

const Result = ({ run: { result_summary = '' } }: RunProps) => (
  <span class="routine-result" title={result_summary}>
    {result_summary}
  </span>
);

const took = ({ started_at, completed_at }: RoutineRunInfo): string =>
  completed_at === undefined ? '—' : duration(Date.parse(completed_at) - Date.parse(started_at));

/** What it did, step by step: as a job, or in the conversation in which it worked. */
function Trace({ run: { job_id, thread_id, started_at } }: RunProps) {
  const when = new Date(started_at).toLocaleString();
  if (job_id !== undefined)
    return (
      <a href={`/jobs/${encodeURIComponent(job_id)}`} aria-label={t('Job of {when}', { when })}>
        {t('Job')}
      </a>
    );
  if (thread_id === undefined) return <>—</>;
  return (
    <a href={`/chat/${encodeURIComponent(thread_id)}`} aria-label={t('Steps of {when}', { when })}>
      {t('Steps')}
    </a>
  );
}
