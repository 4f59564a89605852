import type { ApprovalsReply } from '../../../../src/core/api/approvals.ts';
import type { JobDetailReply, JobInfo } from '../../../../src/core/api/jobs.ts';
import { api } from '../../api.ts';
import { cost, count, visible } from '../../format.ts';
import { t } from '../../i18n.ts';
import { Card, Markdown, Time } from '../../ui/index.ts';
import { Facts } from '../facts.tsx';
import { useLoaded } from '../loaded.ts';
import { Elapsed } from './elapsed.tsx';
import { addressOf } from './job-list.tsx';
import { JobState, stateName } from './job-state.tsx';
import { Source } from './source.tsx';
import { Usage } from './usage.tsx';

interface OverviewProps {
  readonly job: JobDetailReply;
  readonly round: number;
}

/** How a job stands: what it waits for, its figures, its result, what it was told, its way so far and its parts. */
export function Overview({ job, round }: OverviewProps) {
  return (
    <>
      <Questions threadId={job.thread_id} round={round} />
      <Figures job={job} />
      {job.state === 'in_progress' && <Usage id={job.id} />}
      {job.result !== undefined && (
        <Card title={job.state === 'failed' ? t('Why it failed') : t('Result')}>
          <Markdown text={visible(job.result)} />
        </Card>
      )}
      <div class="jobs-halves">
        <Card title={t('What it was told')}>
          <div class="jobs-told">{visible(job.description)}</div>
          {job.origins.length > 0 && (
            <p class="small quiet">
              {t('Words from {who} had a hand in it.', { who: job.origins.join(', ') })}
            </p>
          )}
        </Card>
        <Card title={t('Its way so far')}>
          <Timeline job={job} />
        </Card>
      </div>
      {job.children.length > 0 && <Parts jobs={job.children} />}
    </>
  );
}

function Figures({ job }: { readonly job: JobDetailReply }) {
  const { limits } = job;
  const budget = limits.budget_usd === null ? '' : ` / ${cost(limits.budget_usd * 1e6)}`;
  return (
    <Facts
      facts={[
        [t('Took'), <Elapsed key="took" job={job} />],
        [t('Cost'), `${cost(job.cost_usd * 1e6)}${budget}`],
        [t('Tokens'), count(job.tokens_used)],
        [t('Ordered by'), <Source key="source" job={job} />],
        [t('Works'), job.job_kind === 'task' ? modeName(job.job_mode) : job.job_kind],
        ...(job.attempts > 1 ? [[t('Attempts'), count(job.attempts)] as const] : []),
      ]}
    />
  );
}

function modeName(mode: JobInfo['job_mode']): string {
  return mode === 'local' ? t('here') : t('in a container ({mode})', { mode });
}

/** A job that asks waits for its answer, which is given in its conversation. */
function Questions({ threadId, round }: { readonly threadId: string; readonly round: number }) {
  const ask = (signal: AbortSignal) =>
    api<ApprovalsReply>('/api/approvals', { query: { thread_id: threadId }, signal });
  const { now } = useLoaded(threadId, ask, round);
  const waiting = now.is === 'ready' ? now.value.approvals : [];
  if (waiting.length === 0) return null;
  return (
    <p class="jobs-asks" role="status">
      <span class="grow">
        {t('It waits for your answer: {what}', { what: visible(waiting[0]?.description ?? '') })}
      </span>
      <a class="button primary" href={`/chat/${encodeURIComponent(threadId)}`}>
        {t('Answer')}
      </a>
    </p>
  );
}

function Timeline({ job }: { readonly job: JobDetailReply }) {
  return (
    <ol class="jobs-timeline">
      {job.transitions.map(({ to, timestamp, reason }, at) => (
        <li key={at} class={`is-${to}`}>
          <span class="spread">
            <b>{to === 'submitted' ? t('handed over') : stateName(to)}</b>
            <span class="quiet small">
              <Time at={timestamp} />
            </span>
          </span>
          {reason !== undefined && <span class="small quiet">{visible(reason)}</span>}
        </li>
      ))}
    </ol>
  );
}

function Parts({ jobs }: { readonly jobs: readonly JobInfo[] }) {
  return (
    <Card title={t('Its parts')}>
      <ul class="jobs-parts">
        {jobs.map((part) => (
          <li key={part.id} class="spread">
            <a class="cut" href={addressOf(part.id)}>
              {visible(part.title)}
            </a>
            <JobState job={part} />
          </li>
        ))}
      </ul>
    </Card>
  );
}
