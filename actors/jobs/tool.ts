import type { JsonObject } from '../../src/core/json.ts';
import type { JobOrder } from '../../src/core/work.ts';
import type { MadeCall } from '../../src/llm/index.ts';
import type { Statement } from '../../src/storage/index.ts';
import { jobEventStatement, type NewJobEvent } from '../../src/work/index.ts';
import { jobConversation } from '../conversation-key.ts';
import type { Environment } from '../environment.ts';
import { judgedCalls } from '../policy-check.ts';
import { carriedOut } from '../tool-call.ts';
import type { TurnSoFar } from '../turn-so-far.ts';
import { jobAgentOrder } from './order.ts';
import { failedEnd, type JobEnd, type JobRunner, type RunningJob } from './runner.ts';

/**
 * One call of a tool, judged and put on record as if an unattended turn made it: what would need the user's yes is
 * refused. A tool that must not run twice is not run again after a crash.
 */
export function createToolRunner(env: () => Environment): JobRunner {
  return {
    refusal: async (order) => refusalOf(env(), order),
    effectOf: (work) => {
      const tool = work.kind === 'tool' ? env().tools.get(work.tool) : undefined;
      return tool?.effect === 'once' ? 'once' : 'idempotent';
    },
    run: (job, effectId, signal) => run(env(), job, effectId, signal),
  };
}

function refusalOf({ tools }: Environment, { work, tools: allowed }: JobOrder): string | undefined {
  if (work.kind !== 'tool') return undefined;
  if (!tools.get(work.tool)) return tools.missing(work.tool);
  return allowed && !allowed.includes(work.tool)
    ? `The tool ${work.tool} is not among those given.`
    : undefined;
}

async function run(
  env: Environment,
  job: RunningJob,
  effectId: string,
  signal: AbortSignal,
): Promise<JobEnd> {
  if (job.work.kind !== 'tool') throw new TypeError(`job ${job.id} is no call of a tool`);
  await env.toolsReady;
  const { tool, arguments: args } = job.work;
  const conversationId = jobConversation(job.id);
  const made: MadeCall = { call: { callId: CALL, tool, arguments: args }, origins: job.origins };
  const turn = turnOf(job);
  const base = { env, conversationId, effectId, turn };
  const judged = await judgedCalls({ ...base, calls: [made] });
  const [verdict] = judged.verdicts;
  if (verdict?.verdict !== 'allow') {
    const why =
      verdict?.verdict === 'refuse'
        ? verdict.content
        : 'It would have to be asked about, and nobody is there.';
    return { ...failedEnd(why), writes: judged.writes };
  }
  const did = await carriedOut(
    { ...base, made, fingerprint: undefined, earlierResult: () => undefined },
    signal,
  );
  const { outcome, content, origins = [] } = did.event;
  const events = eventsOf(job, { tool, args, outcome, content }, new Date(env.clock.now()).toISOString());
  return {
    ...failedEnd(content),
    outcome: outcome === 'succeeded' ? 'answered' : 'failed',
    origins,
    writes: [...judged.writes, ...(did.writes ?? []), ...events],
  };
}

const CALL = 'call';

/** As a turn would see it that was ordered with nothing but this call. */
function turnOf(job: RunningJob): TurnSoFar {
  const { by, work, id, description } = job;
  const wish = by.kind === 'user' ? [description] : [];
  const agent = jobAgentOrder(job, work.kind === 'tool' ? [work.tool] : []);
  return { turnId: `job/${id}`, wish, done: [], unattended: true, planning: 'off', agent };
}

interface Did {
  readonly tool: string;
  readonly args: JsonObject;
  readonly outcome: string;
  readonly content: string;
}

function eventsOf(
  { id }: RunningJob,
  { tool, args, outcome, content }: Did,
  at: string,
): readonly Statement[] {
  const events: readonly NewJobEvent[] = [
    { key: 'call', type: 'tool_use', data: { tool_name: tool, call_id: CALL, input: args } },
    {
      key: 'result',
      type: 'tool_result',
      data: { tool_name: tool, call_id: CALL, output: content.slice(0, 8_000), ok: outcome === 'succeeded' },
    },
  ];
  return events.map((event) => jobEventStatement(id, event, at));
}
