import { ListTodo } from 'lucide-preact';
import { useState } from 'preact/hooks';
import type { JobsReply, JobsSummaryReply } from '../../../../src/core/api/absent.ts';
import { api } from '../../api.ts';
import { count } from '../../format.ts';
import { t } from '../../i18n.ts';
import { Page } from '../../shell/page.tsx';
import { Badge, EmptyState, Select, Table, Time } from '../../ui/index.ts';
import { Facts } from '../facts.tsx';
import { useLoaded } from '../loaded.ts';
import { Shown } from '../shown.tsx';

type Job = JobsReply['jobs'][number];

/** Work that goes on by itself. */
export default function JobsPage() {
  const jobs = useLoaded('jobs', (signal) => api<JobsReply>('/api/jobs', { signal }));
  return (
    <Page title={t('Jobs')}>
      <Shown of={jobs} lines={6}>
        {({ jobs, available, reason }) => {
          if (!available) return <NotYet reason={reason} />;
          return jobs.length === 0 ? <Nothing /> : <Jobs jobs={jobs} />;
        }}
      </Shown>
    </Page>
  );
}

function NotYet({ reason }: { readonly reason: string | null }) {
  return (
    <EmptyState
      icon={ListTodo}
      title={t('Jobs are not available yet')}
      action={
        <a class="button" href="/">
          {t('To the chat')}
        </a>
      }
    >
      <div class="stack">
        {reason !== null && <p>{reason}</p>}
        <p>{t('Until then, agents do longer work within a conversation. Say for example:')}</p>
        <p class="place-example">
          {t('Let two agents each read one of these reports, and tell me where they differ.')}
        </p>
      </div>
    </EmptyState>
  );
}

function Nothing() {
  return (
    <EmptyState icon={ListTodo} title={t('No jobs yet')}>
      {t('What the assistant works on by itself is listed here.')}
    </EmptyState>
  );
}

function Jobs({ jobs }: Pick<JobsReply, 'jobs'>) {
  const [state, setState] = useState('');
  const states = [...new Set(jobs.map((job) => job.state))].sort();
  return (
    <div class="stack">
      <Summary />
      <div class="place-filter">
        <Select
          label={t('State')}
          value={state}
          onChange={setState}
          options={[
            { value: '', label: t('all') },
            ...states.map((value) => ({ value, label: stateName(value) })),
          ]}
        />
      </div>
      <Table
        caption={t('Jobs')}
        rows={jobs.filter((job) => state === '' || job.state === state)}
        rowKey={({ id }) => id}
        columns={[
          { key: 'title', head: t('Job'), cell: ({ title }) => title },
          { key: 'state', head: t('State'), cell: (job) => <State job={job} /> },
          {
            key: 'created',
            head: t('Created'),
            end: true,
            cell: ({ created_at }) => <Time at={created_at} />,
          },
          {
            key: 'started',
            head: t('Started'),
            end: true,
            cell: ({ started_at }) => (started_at === undefined ? '—' : <Time at={started_at} />),
          },
        ]}
      />
    </div>
  );
}

function Summary() {
  const summary = useLoaded('summary', (signal) => api<JobsSummaryReply>('/api/jobs/summary', { signal }));
  return (
    <Shown of={summary} lines={2}>
      {(all) => (
        <Facts
          facts={[
            [t('All'), count(all.total)],
            [t('Waiting'), count(all.pending)],
            [t('Running'), count(all.in_progress)],
            [t('Done'), count(all.completed)],
            [t('Failed'), count(all.failed)],
            [t('Stuck'), count(all.stuck)],
          ]}
        />
      )}
    </Shown>
  );
}

function State({ job: { state } }: { readonly job: Job }) {
  const kind =
    state === 'completed' ? 'good' : state === 'failed' ? 'bad' : state === 'stuck' ? 'warn' : 'info';
  return <Badge kind={kind}>{stateName(state)}</Badge>;
}

function stateName(state: string): string {
  const names: Readonly<Record<string, string>> = {
    pending: t('waiting'),
    in_progress: t('running'),
    completed: t('done'),
    failed: t('failed'),
    stuck: t('stuck'),
    cancelled: t('cancelled'),
  };
  return names[state] ?? state;
}
