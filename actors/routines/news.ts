import type { SystemEvent } from '../../src/core/routines.ts';
import type { JobSummary } from '../../src/core/work.ts';
import { OWN_SOURCE, tellSystemEvent } from '../../src/routines/index.ts';
import { jobConversation } from '../conversation-key.ts';
import type { Environment } from '../environment.ts';
import { causesOf } from './causes.ts';

/** Tells routines what happens in the assistant itself. */
export interface RoutineNews {
  /** Which kinds of it any routine waits for. Nothing else is looked at. */
  listen(eventTypes: ReadonlySet<string>): void;
  started(): Promise<void>;
  stop(): void;
}

/** Once for each start of the process, whatever is restarted within it. */
const STARTED_AT = Date.now();

/**
 * Passes on the end of jobs and the failures of tools, as they are told of while they happen: what ends while the
 * process is down is not told afterwards. The same news again start nothing twice.
 *
 * Cost: nothing where no routine waits for such news.
 */
export function createRoutineNews(env: Environment): RoutineNews {
  let heard: ReadonlySet<string> = new Set();
  let deafen = (): void => {};

  const tell = async (event: SystemEvent, key: string): Promise<void> => {
    const { statements } = await tellSystemEvent(env.database, event, key, env.clock.now());
    const [first, ...rest] = statements;
    if (!first) return;
    await env.database.commit([{ sql: 'select 1' }, first, ...rest]);
    env.hints.routinesChanged();
  };
  const pass = (event: () => Promise<SystemEvent>, key: string): void => {
    event()
      .then((told) => tell(told, key))
      .catch((error: unknown) => env.log.warn({ err: error, key }, 'news not told to routines'));
  };

  return {
    listen(eventTypes) {
      deafen();
      heard = eventTypes;
      const isAboutJobs = eventTypes.has('job.completed') || eventTypes.has('job.failed');
      const stops = [
        ...(isAboutJobs
          ? [
              hearJobs(
                env,
                (job, type) => heard.has(type) && pass(() => ofJob(env, job, type), `job/${job.id}/${type}`),
              ),
            ]
          : []),
        ...(eventTypes.has('tool.failed') ? [hearTools(env, pass)] : []),
      ];
      deafen = () => {
        for (const stop of stops) stop();
      };
    },
    async started() {
      if (!heard.has('startup')) return;
      await tell(own('startup', { version: env.version }), `startup/${STARTED_AT}`);
    },
    stop: () => deafen(),
  };
}

const own = (
  eventType: string,
  payload: SystemEvent['payload'],
  more: Partial<SystemEvent> = {},
): SystemEvent => ({
  ...{ source: OWN_SOURCE, eventType, payload, origins: [], causedBy: [] },
  ...more,
});

type JobNews = 'job.completed' | 'job.failed';

function hearJobs(env: Environment, tell: (job: JobSummary, type: JobNews) => unknown): () => void {
  return env.feed.watchWork((event) => {
    if (event.type !== 'job') return;
    if (event.job.state === 'completed') tell(event.job, 'job.completed');
    if (event.job.state === 'failed') tell(event.job, 'job.failed');
  });
}

async function ofJob(
  env: Environment,
  { id, title, origins }: JobSummary,
  type: JobNews,
): Promise<SystemEvent> {
  const causedBy = await causesOf(env, [jobConversation(id)]);
  return own(type, { job: id, title }, { causedBy, origins });
}

function hearTools(
  env: Environment,
  pass: (event: () => Promise<SystemEvent>, key: string) => void,
): () => void {
  return env.feed.watchAll((conversationId, event) => {
    if (event.type !== 'entry' || event.entry.type !== 'tool.completed' || event.entry.outcome !== 'failed')
      return;
    const { tool, effectId, origins = [] } = event.entry;
    const isOwn = conversationId.startsWith('run-') || conversationId.startsWith('job-');
    pass(async () => {
      const causedBy = isOwn ? await causesOf(env, [conversationId]) : [];
      return own('tool.failed', { tool, conversation: conversationId }, { causedBy, origins });
    }, `tool/${effectId}`);
  });
}
