import { ListTodo, Plus } from 'lucide-preact';
import { useEffect, useState } from 'preact/hooks';
import type { JobInfo, JobsReply, JobsSummaryReply } from '../../../../src/core/api/jobs.ts';
import { api } from '../../api.ts';
import { cost, count, visible } from '../../format.ts';
import { t } from '../../i18n.ts';
import { bindKeys } from '../../keys.ts';
import { addCommands } from '../../palette.ts';
import { go } from '../../route.ts';
import { Page } from '../../shell/page.tsx';
import { Button, EmptyState, Select, Table, Time } from '../../ui/index.ts';
import { Facts } from '../facts.tsx';
import { useLoaded } from '../loaded.ts';
import { Shown } from '../shown.tsx';
import { Elapsed } from './elapsed.tsx';
import { JobState } from './job-state.tsx';
import { OrderDialog } from './order-dialog.tsx';
import { Source } from './source.tsx';
import { useWorkRound } from './work-round.ts';

/** Newest first. More are at hand through the filter. */
const MOST = 100;

export function JobList() {
  const [filter, setFilter] = useState('all');
  const [isOrdering, order] = useState(false);
  const round = useWorkRound();
  const jobs = useLoaded(
    filter,
    (signal) => api<JobsReply>('/api/jobs', { query: { filter, limit: MOST }, signal }),
    round,
  );
  useOrderCommand(() => order(true));
  const button = (
    <Button variant="primary" icon={Plus} onClick={() => order(true)}>
      {t('New job')}
    </Button>
  );
  return (
    <Page title={t('Jobs')} actions={button} wide>
      <Shown of={jobs} lines={6}>
        {({ jobs }) =>
          jobs.length === 0 && filter === 'all' ? (
            <Nothing />
          ) : (
            <div class="stack">
              <Summary round={round} />
              <Filter value={filter} onChange={setFilter} />
              <Jobs jobs={jobs} />
            </div>
          )
        }
      </Shown>
      {isOrdering && <OrderDialog onClose={() => order(false)} />}
    </Page>
  );
}

/** `n` and the palette. */
function useOrderCommand(run: () => void): void {
  useEffect(() => {
    const group = t('Jobs');
    const undo = [
      bindKeys([{ keys: 'n', about: t('New job'), group, run }]),
      addCommands([{ id: 'job-new', title: t('New job'), group: t('Actions'), icon: Plus, run }]),
    ];
    return () => {
      for (const end of undo) end();
    };
  }, []);
}

function Nothing() {
  return (
    <EmptyState icon={ListTodo} title={t('No jobs yet')}>
      <div class="stack">
        <p>{t('Longer work goes on by itself here while you talk about something else. Say for example:')}</p>
        <p class="place-example">
          {t('Have a job read every report in reports/ and list where they differ.')}
        </p>
      </div>
    </EmptyState>
  );
}

function Filter({ value, onChange }: { readonly value: string; onChange(value: string): void }) {
  const options = [
    { value: 'all', label: t('all') },
    { value: 'active', label: t('at work') },
    { value: 'completed', label: t('done') },
    { value: 'failed', label: t('failed or cancelled') },
  ];
  return (
    <div class="place-filter">
      <Select label={t('Show')} value={value} onChange={onChange} options={options} />
    </div>
  );
}

function Summary({ round }: { readonly round: number }) {
  const ask = (signal: AbortSignal) => api<JobsSummaryReply>('/api/jobs/summary', { signal });
  const summary = useLoaded('summary', ask, round);
  return (
    <Shown of={summary} lines={2}>
      {(all) => (
        <Facts
          facts={[
            [t('All'), count(all.total)],
            [t('Waiting'), count(all.pending)],
            [t('Running'), count(all.in_progress)],
            [t('Stuck'), count(all.stuck)],
            [t('Done'), count(all.completed)],
            [t('Failed'), count(all.failed)],
            [t('Cancelled'), count(all.cancelled)],
          ]}
        />
      )}
    </Shown>
  );
}

function Jobs({ jobs }: { readonly jobs: readonly JobInfo[] }) {
  if (jobs.length === 0) return <p class="quiet">{t('None.')}</p>;
  return (
    <Table
      caption={t('Jobs')}
      rows={jobs}
      rowKey={({ id }) => id}
      onRow={({ id }) => go(addressOf(id))}
      columns={[
        { key: 'title', head: t('Job'), cell: (job) => <Title job={job} /> },
        { key: 'state', head: t('State'), cell: (job) => <JobState job={job} /> },
        { key: 'priority', head: t('Priority'), cell: ({ priority }) => priorityName(priority) },
        { key: 'source', head: t('Ordered by'), cell: (job) => <Source job={job} /> },
        {
          key: 'created',
          head: t('Created'),
          end: true,
          cell: ({ created_at }) => (
            <span class="place-moment">
              <Time at={created_at} />
            </span>
          ),
        },
        { key: 'took', head: t('Took'), end: true, cell: (job) => <Elapsed job={job} /> },
        {
          key: 'cost',
          head: t('Cost'),
          end: true,
          cell: ({ cost_usd }) => (cost_usd === 0 ? '—' : cost(cost_usd * 1_000_000)),
        },
      ]}
    />
  );
}

export const addressOf = (id: string): string => `/jobs/${encodeURIComponent(id)}`;

function Title({ job: { id, title } }: { readonly job: JobInfo }) {
  return (
    <a class="jobs-title" href={addressOf(id)}>
      {visible(title)}
    </a>
  );
}

function priorityName(priority: JobInfo['priority']): string {
  switch (priority) {
    case 'interactive':
      return t('at once');
    case 'job':
      return t('usual');
    case 'routine':
      return t('routine');
    case 'maintenance':
      return t('when idle');
  }
}
