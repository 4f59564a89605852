import { z } from 'zod';
import { coerceError, IronbarkError } from '../../core/errors.ts';
import type { Result } from '../../core/result.ts';
import type { JobOrder, JobSummary, WorkDesk } from '../../core/work.ts';
import { unitedOrigins } from '../../safety/index.ts';
import { defineTool } from '../define-tool.ts';
import { type AskedJob, askedJob, JOB_OPTIONS } from '../jobs/asked-job.ts';
import { jobAtWork, ordersOf, orderTrouble } from '../jobs/job-order.ts';
import { endedText, orderedText } from '../jobs/job-results.ts';
import type { FileScope } from '../path-safety.ts';
import type { Target, Tool, ToolContext, ToolOutput } from '../tool.ts';

/** So long its call waits for a job; then the job goes on by itself. */
const LONGEST_WAIT_MS = 600_000;
/** The limit of all tools is shorter. */
const TIMEOUT_MS = LONGEST_WAIT_MS + 60_000;

const schema = z.looseObject({
  title: z.string(),
  description: z.string().optional(),
  wait: z.boolean().default(true),
  subtasks: z.array(z.unknown()).optional().describe('{title, description} or {tool, arguments}'),
  options: z.record(z.string(), z.unknown()).optional().describe(JOB_OPTIONS),
});

/**
 * A local job is judged call by call, under the influence of its order, as an agent is: ordering one does nothing to the
 * world. One in a container runs programs that nobody judges, and one that is given secrets is asked about each time.
 * What cannot be read does the worst.
 */
export function createJobTool(work: WorkDesk, files: Pick<FileScope, 'absolute'>): Tool {
  return defineTool({
    name: 'create_job',
    description: 'Order a job: longer work in the background.',
    schema,
    effect: 'idempotent',
    independent: true,
    approval: 'always',
    approvalOf: (args) => approvalOf(read(args)),
    powers: ['runs-code'],
    powersOf: (args) => (isLocal(read(args)) ? [] : ['runs-code']),
    targets: (args) => targetsOf(read(args), files),
    content: ['title', 'description', 'subtasks'],
    aliases: { task: 'description', prompt: 'description', instructions: 'description', name: 'title' },
    timeoutMs: TIMEOUT_MS,
    summary: (args) => summaryOf(read(args)),
    async refusal(args) {
      const asked = read(args);
      return asked.ok ? orderTrouble(asked.value) : asked.error;
    },
    async run(args, context) {
      const asked = read(args);
      const orders = asked.ok ? ordersOf(asked.value, context) : asked;
      if (!asked.ok || !orders.ok) return { ok: false, content: orders.ok ? '' : orders.error };
      return order(work, orders.value, asked.value, context);
    },
  });
}

type Asked = Result<AskedJob, string>;

const read = (args: z.output<typeof schema>): Asked => askedJob(args);

const isLocal = (asked: Asked): boolean => asked.ok && asked.value.mode === 'local';

function approvalOf(asked: Asked): Tool['approval'] {
  if (!asked.ok || Object.keys(asked.value.credentials).length > 0) return 'always';
  return isLocal(asked) ? 'never' : 'unless-granted';
}

/** In which kind of container, which program, and in which folder, where it is not one of its own. */
function targetsOf(asked: Asked, files: Pick<FileScope, 'absolute'>): readonly Target[] {
  if (!asked.ok || isLocal(asked)) return [];
  const { mode, agentName, projectDir } = asked.value;
  const program = agentName === '' ? mode : `${mode} ${agentName}`;
  const folder = { argument: 'project_dir', kind: 'path', value: files.absolute(projectDir) } as const;
  return [{ argument: 'mode', kind: 'command', value: program }, ...(projectDir === '' ? [] : [folder])];
}

function summaryOf(asked: Asked): string {
  if (!asked.ok) return asked.error;
  const { title, mode, credentials, subtasks, projectDir } = asked.value;
  const what = subtasks.length > 0 ? `${subtasks.length} jobs` : 'a job';
  const folder = projectDir === '' ? '' : `, with the folder ${projectDir}`;
  const where = mode === 'local' ? '' : ` in a container (${mode}${folder})`;
  const secrets = Object.entries(credentials).map(([secret, name]) => `${secret} as ${name}`);
  const given = secrets.length > 0 ? `, and give it the secrets ${secrets.join(', ')}` : '';
  return `Begin ${what}${where}${given}: ${title}`;
}

/** The effect names the jobs: a call that is made again after a crash finds those that it ordered. */
async function order(
  work: WorkDesk,
  orders: readonly JobOrder[],
  { wait }: AskedJob,
  context: ToolContext,
): Promise<ToolOutput> {
  const made: JobSummary[] = [];
  try {
    for (const [at, one] of orders.entries()) {
      const id = orders.length === 1 ? context.effectId : `${context.effectId}/${at}`;
      made.push(await work.create(one, id));
    }
  } catch (thrown) {
    return notOrdered(made, orders.length, thrown);
  }
  return wait ? awaitAll(work, made, context) : { ok: true, content: orderedText(made) };
}

function notOrdered(made: readonly JobSummary[], wanted: number, thrown: unknown): ToolOutput {
  const error = coerceError(thrown);
  if (!(error instanceof IronbarkError) || error.kind !== 'usage') throw error;
  const why = error.explanation;
  const before = made.length > 0 ? ` ${made.length} of ${wanted} were ordered: ${orderedText(made)}` : '';
  return {
    ok: false,
    content: `${made.length > 0 ? 'Not all was' : 'Nothing was'} ordered: ${why}${before}`,
  };
}

async function awaitAll(
  work: WorkDesk,
  made: readonly JobSummary[],
  context: ToolContext,
): Promise<ToolOutput> {
  const longest = AbortSignal.any([context.signal, AbortSignal.timeout(LONGEST_WAIT_MS)]);
  const known = await work.wait(
    made.map(({ id }) => id),
    longest,
    jobAtWork(context),
  );
  const isGood = known.some(({ state }) => state !== 'failed' && state !== 'cancelled');
  return {
    ok: isGood,
    content: endedText(known),
    origins: unitedOrigins(known.flatMap((job) => job.origins)),
  };
}
