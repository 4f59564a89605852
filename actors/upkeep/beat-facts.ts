import type { Environment } from '../environment.ts';

type Parts = Pick<Environment, 'database' | 'work' | 'routines' | 'log'>;

/** What a beat is told of the assistant's own affairs, in words: only what somebody may want to know of. */
export async function beatFacts(env: Parts): Promise<readonly string[]> {
  const [approvals, jobs, routines] = await Promise.all([
    openQuestions(env),
    jobFacts(env),
    routineFacts(env),
  ]);
  return [...approvals, ...jobs, ...routines];
}

async function openQuestions({ database }: Parts): Promise<readonly string[]> {
  const { rows } = await database.query<{ count: number; tools: readonly string[] | null }>(
    `select count(*)::integer as count, array_agg(distinct tool) as tools from approval where decision is null`,
  );
  const { count = 0, tools } = rows[0] ?? {};
  return count === 0 ? [] : [`Questions that wait for their yes or no: ${count} (${tools?.join(', ')}).`];
}

async function jobFacts({ work, log }: Parts): Promise<readonly string[]> {
  try {
    const { pending, inProgress, stuck } = await work.counts();
    const open = [
      ...(inProgress > 0 ? [`${inProgress} at work`] : []),
      ...(pending > 0 ? [`${pending} waiting`] : []),
      ...(stuck > 0 ? [`${stuck} stuck`] : []),
    ];
    return open.length === 0 ? [] : [`Jobs: ${open.join(', ')}.`];
  } catch (error) {
    log.debug({ err: error }, 'jobs could not be counted for the heartbeat');
    return [];
  }
}

async function routineFacts({ routines, log }: Parts): Promise<readonly string[]> {
  try {
    const { failing } = await routines.counts();
    return failing === 0 ? [] : [`Routines that fail: ${failing}.`];
  } catch (error) {
    log.debug({ err: error }, 'routines could not be counted for the heartbeat');
    return [];
  }
}
