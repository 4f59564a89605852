import { readJobEvent, type ToldEvent } from './read-job-event.ts';
import type { JobEvent, JobOrigin, JobState, JobSummary } from './work.ts';

/** The state of a job in a word for people. */
export const JOB_STATE_WORDS: { readonly [state in JobState]: string } = {
  pending: 'waiting',
  inProgress: 'running',
  completed: 'done',
  submitted: 'done',
  accepted: 'accepted',
  failed: 'failed',
  stuck: 'stuck',
  cancelled: 'cancelled',
};

/** One line: the id, the state, for how long, the title. */
export function jobLine(job: JobSummary, now: number): string {
  return `${job.id}  ${jobStanding(job, now)}  ${jobTitle(job)}`;
}

/** `running for 5 min`, `waiting, 3 before it`, `done after 12 s`. */
export function jobStanding(job: JobSummary, now: number): string {
  const { state, startedAt, completedAt, ahead } = job;
  const word = JOB_STATE_WORDS[state];
  if (state === 'pending') return ahead === null || ahead === 0 ? word : `${word}, ${ahead} before it`;
  if (startedAt === null) return word;
  const took = durationText((completedAt === null ? now : Date.parse(completedAt)) - Date.parse(startedAt));
  return completedAt === null ? `${word} for ${took}` : `${word} after ${took}`;
}

/** On one line, whoever wrote it. */
export const jobTitle = ({ title }: { readonly title: string }): string =>
  title.replace(/\s+/g, ' ').trim().slice(0, 200) || 'untitled';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** The largest unit that fits, and one below: `2 h 5 min`. */
export function durationText(milliseconds: number): string {
  const time = Math.max(0, milliseconds);
  if (time < MINUTE) return `${Math.round(time / SECOND)} s`;
  if (time < HOUR) return `${Math.floor(time / MINUTE)} min`;
  const minutes = Math.floor((time % HOUR) / MINUTE);
  return minutes === 0 ? `${Math.floor(time / HOUR)} h` : `${Math.floor(time / HOUR)} h ${minutes} min`;
}

/** Who ordered a job, in a few words. */
export function orderedBy(by: JobOrigin): string {
  switch (by.kind) {
    case 'user':
      return 'you';
    case 'model':
      return by.jobId === null ? 'the assistant' : `the job ${by.jobId}`;
    case 'routine':
      return `the routine ${by.routineId}`;
  }
}

/** One line of at most so many characters: what it did or said. */
export function jobEventLine(event: Pick<JobEvent, 'type' | 'data'>, most: number): string {
  const line = eventWords(readJobEvent(event)).replace(/\s+/g, ' ').trim();
  return line.length <= most ? line : `${line.slice(0, most).toWellFormed()}…`;
}

function eventWords(event: ToldEvent): string {
  switch (event.type) {
    case 'message':
      return `${event.role}: ${event.text}`;
    case 'reasoning':
      return `thinks: ${event.text}`;
    case 'tool_use':
      return `calls ${event.tool} ${JSON.stringify(event.input)}`;
    case 'tool_result':
      return `${event.ok ? 'got from' : 'failed:'} ${event.tool}: ${event.text}`;
    case 'status':
      return event.text;
    case 'result':
      return `result (${event.status}): ${event.text}`;
  }
}
