import type { JobDetailReply, JobInfo, JobUsageInfo } from '../../../core/api/jobs.ts';
import {
  hasEnded,
  type JobDetail,
  type JobState,
  type JobSummary,
  type JobUsage,
} from '../../../core/work.ts';

/** States as they are written in the API. */
export const STATE_NAMES: { readonly [state in JobState]: JobInfo['state'] } = {
  pending: 'pending',
  inProgress: 'in_progress',
  completed: 'completed',
  submitted: 'submitted',
  accepted: 'accepted',
  failed: 'failed',
  stuck: 'stuck',
  cancelled: 'cancelled',
};

/** @param now milliseconds since the Unix epoch */
export function jobInfo(job: JobSummary, now: number): JobInfo {
  const { startedAt, completedAt, ahead, parentId } = job;
  return {
    id: job.id,
    title: job.title,
    state: STATE_NAMES[job.state],
    user_id: job.userId,
    priority: job.priority,
    job_kind: job.work,
    job_mode: job.mode,
    created_at: job.createdAt,
    ...(startedAt !== null && { started_at: startedAt, elapsed_secs: elapsed(startedAt, completedAt, now) }),
    ...(completedAt !== null && { completed_at: completedAt }),
    ...(ahead !== null && { ahead }),
    ...(parentId !== null && { parent_id: parentId }),
    ...sourceOf(job),
    cost_usd: job.costMicroUsd / 1e6,
    origins: job.origins,
  };
}

const elapsed = (from: string, to: string | null, now: number): number =>
  Math.max(0, Math.round(((to === null ? now : Date.parse(to)) - Date.parse(from)) / 1000));

function sourceOf({ by }: JobSummary): Pick<JobInfo, 'source' | 'source_id'> {
  switch (by.kind) {
    case 'user':
      return by.conversationId === null
        ? { source: 'user' }
        : { source: 'user', source_id: by.conversationId };
    case 'model':
      return by.jobId === null
        ? { source: 'assistant', source_id: by.conversationId }
        : { source: 'job', source_id: by.jobId };
    case 'routine':
      return { source: 'routine', source_id: by.routineId };
  }
}

export function jobDetailReply(job: JobDetail, now: number): JobDetailReply {
  const { limits, result, state } = job;
  return {
    ...jobInfo(job, now),
    description: job.description,
    project_dir: job.projectDir,
    browse_url: browseUrl(job.id),
    thread_id: job.conversationId,
    ...(result !== null && { result }),
    transitions: job.transitions.map(({ from, to, at, reason }) => ({
      ...(from !== null && { from: STATE_NAMES[from] }),
      to: STATE_NAMES[to],
      timestamp: at,
      ...(reason !== '' && { reason }),
    })),
    attempts: job.attempts,
    tokens_used: job.tokensUsed,
    limits: {
      max_iterations: limits.iterations,
      max_tokens: limits.tokens,
      budget_usd: limits.budgetMicroUsd === null ? null : limits.budgetMicroUsd / 1e6,
      max_minutes: limits.minutes,
    },
    children: job.children.map((child) => jobInfo(child, now)),
    can_restart: job.canRestart,
    can_prompt: job.canPrompt,
    can_cancel: !hasEnded(state),
    can_judge: state === 'completed' || state === 'submitted',
  };
}

export function usageInfo({ disk, processLimit, ...usage }: JobUsage): JobUsageInfo {
  return {
    at: usage.at,
    memory_bytes: usage.memoryBytes,
    memory_limit_bytes: usage.memoryLimitBytes,
    cpu_percent: Math.round(usage.cpuPercent * 10) / 10,
    processes: usage.processes,
    ...(processLimit !== null && { process_limit: processLimit }),
    ...(disk && { read_bytes: disk.read, written_bytes: disk.written }),
  };
}

/** Its place on the page. */
export const browseUrl = (id: string): string => `/jobs/${encodeURIComponent(id)}`;
