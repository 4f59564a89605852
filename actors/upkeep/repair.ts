import { IronbarkError } from '../../src/core/errors.ts';
import type { RepairAnswer } from '../../src/core/upkeep.ts';
import { hasEnded } from '../../src/core/work.ts';
import {
  attemptStatement,
  leftAlone,
  repairOrder,
  type ToolFailure,
  toolFailures,
} from '../../src/repair/index.ts';
import type { Statement } from '../../src/storage/index.ts';
import type { Environment } from '../environment.ts';

export interface RepairWish {
  readonly tool: string;
  /** Where its source is; empty: where it was installed from. */
  readonly path: string;
  /** Where it was said, and how it ends is told; null: in the user's latest conversation. */
  readonly conversationId: string | null;
  /** The same wish again is the same job. Absent: the same as any since the tool was last tried to be repaired. */
  readonly wishId?: string;
}

/** `writes` count the attempt; they may be committed again. */
export type OrderedRepair = RepairAnswer & { readonly writes: readonly Statement[] };

/** What a repair may use: it reads and changes the source, and has it built; it does not try it. */
const TOOLS = [
  'read_file',
  'write_file',
  'apply_patch',
  'list_dir',
  'grep',
  'glob',
  'tool_install',
  'tool_info',
];

/** Orders the job that repairs a tool, because the user said so. It asks before it installs what it built. */
export async function orderRepair(env: Environment, wish: RepairWish): Promise<OrderedRepair> {
  const { tool } = wish;
  const [failure] = await toolFailures(env.database, tool);
  if (!failure)
    return {
      ...{ ok: false, kind: 'unknown', writes: [] },
      message: `Nothing is known of a tool "${tool}" that failed. See: /repair`,
    };
  const path = wish.path || failure.source;
  if (!path) return refused(`Nobody noted where the source of ${tool} is. Say where: /repair ${tool} PATH`);
  const { maxAttempts } = env.settings.repair ?? { maxAttempts: 0 };
  if (failure.attempts >= maxAttempts) return refused(leftAlone(tool, failure.attempts));
  const { wishId } = wish;
  const key =
    wishId === undefined ? `repair/${tool}/${failure.version}/${failure.attempts}` : `repair/${wishId}`;
  const known = failure.job === null ? undefined : await env.work.get(failure.job);
  if (known && !hasEnded(known.state)) return refused(`The job ${known.id} is at it already.`);
  try {
    const job = await env.work.create(jobOf(failure, path, wish), key);
    return {
      ok: true,
      job: job.id,
      message: `The job ${job.id} repairs ${tool}. You are asked before anything is installed.`,
      writes: [attemptStatement(tool, job.id)],
    };
  } catch (error) {
    if (error instanceof IronbarkError && error.kind === 'usage') return refused(error.message);
    throw error;
  }
}

const refused = (message: string): OrderedRepair => ({ ok: false, kind: 'refused', message, writes: [] });

const jobOf = (failure: ToolFailure, path: string, { conversationId }: RepairWish) =>
  ({
    title: `Repair the tool ${failure.tool}`,
    description: repairOrder(failure, path),
    work: { kind: 'task', mode: 'local' },
    priority: 'job',
    projectDir: null,
    limits: { iterations: 30, tokens: 500_000, budgetMicroUsd: null, minutes: 60 },
    tools: TOOLS,
    credentials: {},
    by: { kind: 'user', conversationId },
    origins: [`the tool ${failure.tool}`],
  }) as const;
