import type {
  JobDetailReply,
  JobEventInfo,
  JobFilesReply,
  JobInfo,
  JobUsageInfo,
} from '../../core/api/jobs.ts';
import { durationText, jobEventLine, jobTitle } from '../../core/job-text.ts';

export const STATE_WORDS: { readonly [state in JobInfo['state']]: string } = {
  pending: 'waiting',
  in_progress: 'running',
  completed: 'done',
  submitted: 'done',
  accepted: 'accepted',
  failed: 'failed',
  stuck: 'stuck',
  cancelled: 'cancelled',
};

/** One line a job: id, state, time taken, cost, title. */
export function jobsText(jobs: readonly JobInfo[]): string {
  if (jobs.length === 0) return 'There are no jobs. Order one with: ironbark jobs create "Sum up my notes"';
  const rows = jobs.map((job) => [
    job.id,
    stateText(job),
    took(job),
    dollars(job.cost_usd),
    `${jobTitle(job)}${job.source === 'user' ? '' : `  (${job.source})`}`,
  ]);
  const widths = [0, 1, 2, 3].map((at) => Math.max(...rows.map((row) => row[at]?.length ?? 0)));
  return rows
    .map((row) =>
      row
        .map((cell, at) => cell.padEnd(widths[at] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

const stateText = ({ state, ahead }: JobInfo): string =>
  ahead ? `${STATE_WORDS[state]}, ${ahead} before` : STATE_WORDS[state];

const took = ({ elapsed_secs: seconds }: JobInfo): string =>
  seconds === undefined ? '-' : durationText(seconds * 1000);

const dollars = (usd: number): string => (usd === 0 ? '-' : `$${usd.toFixed(4)}`);

export function jobText(job: JobDetailReply): string {
  const { result, children, transitions } = job;
  const ordered = job.source_id === undefined ? job.source : `${job.source} ${job.source_id}`;
  return [
    jobTitle(job),
    `  id            ${job.id}`,
    `  state         ${stateText(job)}${job.elapsed_secs === undefined ? '' : `, ${took(job)}`}`,
    `  ordered       ${job.created_at} by ${ordered}, priority ${job.priority}`,
    `  works as      ${job.job_kind}${job.job_kind === 'task' ? `, ${job.job_mode}` : ''}`,
    `  cost          $${job.cost_usd.toFixed(4)}, ${job.tokens_used} tokens`,
    `  files         ${job.project_dir}`,
    `  conversation  ${job.thread_id}`,
    ...(job.origins.length > 0 ? [`  influenced by ${job.origins.join(', ')}`] : []),
    ...children.map((child) => `  part          ${child.id}  ${stateText(child)}  ${jobTitle(child)}`),
    ...transitions.map(
      ({ timestamp, to, reason }) =>
        `  ${timestamp}  ${to === 'submitted' ? 'handed over' : STATE_WORDS[to]}${reason ? `: ${reason}` : ''}`,
    ),
    ...(result === undefined ? [] : ['', result]),
  ].join('\n');
}

/** Of one event; the whole is in the job's conversation. */
const MOST_CHARACTERS = 400;

export const eventText = (event: JobEventInfo): string =>
  `${event.at.slice(11, 19)}  ${jobEventLine(event, MOST_CHARACTERS)}`;

const MEGABYTE = 1024 * 1024;

/** `12:04:07  takes 212 of 2048 MB, 34 % of a core, 12 of 256 processes`. */
export function usageText(usage: JobUsageInfo): string {
  const megabytes = (bytes: number): number => Math.ceil(bytes / MEGABYTE);
  const memory = `${megabytes(usage.memory_bytes)} of ${megabytes(usage.memory_limit_bytes)} MB`;
  const limit = usage.process_limit === undefined ? '' : ` of ${usage.process_limit}`;
  const parts = [
    memory,
    `${Math.round(usage.cpu_percent)} % of a core`,
    `${usage.processes}${limit} processes`,
  ];
  if (usage.written_bytes !== undefined) parts.push(`${megabytes(usage.written_bytes)} MB written`);
  return `${usage.at.slice(11, 19)}  takes ${parts.join(', ')}`;
}

export function filesText({ path, entries }: JobFilesReply): string {
  if (entries.length === 0) return path === '' ? 'The job has no files.' : `${path} is empty.`;
  return entries
    .map(({ path: name, is_dir, bytes }) => (is_dir ? `${name}/` : `${name}  ${bytes} bytes`))
    .join('\n');
}
