import type { WorkPrompt } from '../../src/core/orchestrator.ts';
import type { Queryable, Row, Statement } from '../../src/storage/index.ts';
import type { JobPrompt } from '../jobs/runner.ts';

/** Something is said to a job. The same external id again changes nothing. */
export const promptStatement = (jobId: string, said: JobPrompt, at: string): Statement => ({
  sql: `
    insert into job_prompt (job_id, seq, external_id, content, origin, done, at)
    select $1::text, coalesce(max(seq), 0) + 1, $2::text, $3::text, $4::text, $5::boolean, $6::text::timestamptz
      from job_prompt where job_id = $1::text
    on conflict (job_id, external_id) do nothing`,
  params: [jobId, said.externalId, said.content, said.origin ?? null, said.done, at],
});

interface PromptRow extends Row {
  readonly seq: number;
  readonly content: string;
  readonly origin: string | null;
  readonly done: boolean;
}

/** One step along the primary key. */
export async function nextPrompt(
  database: Queryable,
  jobId: string,
  after: number,
): Promise<WorkPrompt | undefined> {
  const { rows } = await database.query<PromptRow>(NEXT, [jobId, after]);
  return rows[0];
}

const NEXT = `
  select seq, content, origin, done from job_prompt
   where job_id = $1 and seq > $2 order by seq limit 1`;
