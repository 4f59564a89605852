import type { AuditRecord } from '../../src/core/audit.ts';
import { OWNER } from '../../src/core/user.ts';
import { useStatements } from '../../src/secrets/index.ts';
import type { Job } from '../../src/work/index.ts';
import type { Environment } from '../environment.ts';

export interface GivenCredential {
  readonly variable: string;
  readonly value: string;
}

/**
 * The secrets that the order of a job grants to its container, and no other. Each is one line of the audit log; what
 * cannot be recorded is not given. One that is not set, or has expired, is left out, which the log says too.
 */
export async function grantedCredentials(env: Environment, job: Job): Promise<readonly GivenCredential[]> {
  const given: GivenCredential[] = [];
  const lines: AuditRecord[] = [];
  for (const [name, variable] of Object.entries(job.credentials)) {
    const value = await secretValue(env, name);
    if (value !== undefined) given.push({ variable, value });
    lines.push(lineOf(job, name, variable, value !== undefined));
  }
  const [first, ...rest] = [...useStatements(lines, env.clock.now()), ...env.audit.statements(lines)];
  if (first) await env.database.commit([first, ...rest]);
  return given;
}

async function secretValue({ vault, log }: Environment, name: string): Promise<string | undefined> {
  try {
    return (await vault.get(name.toLowerCase()))?.expose();
  } catch (error) {
    log.warn({ err: error, secret: name }, 'a secret of a job could not be read');
    return undefined;
  }
}

function lineOf({ id, userId, origins }: Job, name: string, variable: string, given: boolean): AuditRecord {
  const message = given
    ? `The secret "${name}" was given to the container of the job ${id} as ${variable}.`
    : `The job ${id} may have the secret "${name}", which is not set.`;
  return {
    kind: given ? 'credential.given' : 'credential.missing',
    tool: 'job',
    user: userId || OWNER,
    actor: `job/${id}`,
    origins,
    message,
    ...(given && { detail: { host: 'container', credentials: [name], job: id } }),
  };
}
