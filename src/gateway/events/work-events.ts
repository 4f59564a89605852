import type { AppEvent } from '../../core/api/events.ts';
import { JOB_STATE_WORDS } from '../../core/job-text.ts';
import { readJobEvent } from '../../core/read-job-event.ts';
import type { RoutineRun } from '../../core/routines.ts';
import type { JobEvent, JobSummary, JobUsage, WorkEvent } from '../../core/work.ts';
import { browseUrl, jobInfo, usageInfo } from '../api/jobs/job-info.ts';
import { toRun } from '../api/routines/to-shape.ts';
import { preview } from './preview.ts';

/** What clients of the HTTP API are told of jobs and runs of routines. */
export function workEvents(event: WorkEvent, now: number): readonly AppEvent[] {
  switch (event.type) {
    case 'job':
      return stateOf(event.job, now);
    case 'job-event':
      return [jobEvent(event.jobId, event.event)];
    case 'job-usage':
      return [usageEvent(event.jobId, event.usage)];
    case 'routine-run':
      return [runEvent(event.run)];
  }
}

const threadOf = (jobId: string): string => `job-${jobId}`;

function stateOf(job: JobSummary, now: number): readonly AppEvent[] {
  const { id, title, state, startedAt } = job;
  const of = { thread_id: threadOf(id), job_id: id };
  const isNew = state === 'pending' && startedAt === null;
  return [
    ...(isNew ? [{ type: 'job_started' as const, ...of, title, browse_url: browseUrl(id) }] : []),
    { type: 'job_status', ...of, message: JOB_STATE_WORDS[state], job: jobInfo(job, now) },
  ];
}

/** The thread is that in which it works; until there is one, nobody's. */
const runEvent = (run: RoutineRun): AppEvent => ({
  type: 'routine_run',
  thread_id: run.conversationId ?? `routine-${run.routineId}`,
  routine_id: run.routineId,
  run: toRun(run),
});

const usageEvent = (jobId: string, usage: JobUsage): AppEvent => ({
  type: 'job_usage',
  thread_id: threadOf(jobId),
  job_id: jobId,
  usage: usageInfo(usage),
});

function jobEvent(jobId: string, event: JobEvent): AppEvent {
  const of = { thread_id: threadOf(jobId), job_id: jobId, job_seq: event.seq, at: event.at };
  const told = readJobEvent(event);
  switch (told.type) {
    case 'message':
      return { type: 'job_message', ...of, role: told.role, content: told.text };
    case 'reasoning':
      return { type: 'job_reasoning', ...of, narrative: told.text };
    case 'tool_use':
      return { type: 'job_tool_use', ...of, tool_name: told.tool, input: told.input };
    case 'tool_result':
      return { type: 'job_tool_result', ...of, tool_name: told.tool, output: preview(told.text) };
    case 'status':
      return { type: 'job_status', ...of, message: told.text };
    case 'result':
      return { type: 'job_result', ...of, status: told.status, content: told.text };
  }
}
