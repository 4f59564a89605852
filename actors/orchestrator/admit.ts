import { err, ok } from '../../src/core/result.ts';
import { OWNER } from '../../src/core/user.ts';
import { type Admit, fitsToken, type Refusal, type Visitor } from '../../src/orchestrator/index.ts';
import type { Environment } from '../environment.ts';
import type { WorkBells } from './bells.ts';
import { readContainer } from './container-rows.ts';
import { createWorkPort } from './work-port.ts';

const NOT_YOURS: Refusal = {
  status: 401,
  code: 'unauthorized',
  message: 'This is not the token of this job, or it does not count any more.',
};

/**
 * Lets in whoever has the token of a job's running container. What is known of tokens is their hashes in the database,
 * so that a container that outlives this process is still known to the next one.
 */
export function createAdmit(env: Environment, bells: WorkBells): Admit {
  return async (visitor) => {
    const row = await readContainer(env.database, visitor.jobId);
    const fits = fitsToken(visitor.token ?? '', row?.tokenHash ?? null);
    const isAtHome = visitor.owner === undefined || visitor.owner === visitor.jobId;
    if (row && fits && isAtHome) return ok(createWorkPort(env, row, bells));
    await note(env, visitor);
    return err(NOT_YOURS);
  };
}

async function note({ audit, log }: Environment, { jobId, owner, token }: Visitor): Promise<void> {
  const from = owner === undefined ? 'Somebody on this machine' : `The container of the job ${owner}`;
  const how = token === undefined ? 'without a token' : 'with a token that is not its own';
  const message = `${from} wanted to speak for the job ${jobId}, ${how}.`;
  const line = { kind: 'container.refused', tool: '', user: OWNER, rule: 'job-token', message } as const;
  await audit.write([{ ...line, actor: 'orchestrator', detail: { job: owner ?? jobId } }]).catch((error) => {
    log.warn({ err: error, jobId }, 'a refusal of the orchestrator was not noted');
  });
}
