import type { Notification } from '../../src/core/notifications.ts';
import { notificationStatement } from '../../src/notifications/index.ts';
import {
  brokenNote,
  brokenNotice,
  failureStatement,
  ownFault,
  type RepairSettings,
  shortError,
  type ToolFailure,
  toolFailures,
  workedStatement,
} from '../../src/repair/index.ts';
import type { Statement } from '../../src/storage/index.ts';
import type { Tool, ToolOutput } from '../../src/tools/index.ts';
import type { Environment } from '../environment.ts';

type Parts = Pick<Environment, 'database' | 'clock' | 'settings'>;

/** What a call says about the health of its tool. */
export interface ToolHealth {
  /** To be committed with the outcome of the call. */
  readonly writes: readonly Statement[];
  /** For the model; undefined where there is nothing to say. */
  readonly note?: string;
}

const WELL: ToolHealth = { writes: [] };

/**
 * Counts failures of tools from outside, in a row. One that fails too often counts as broken: the user is told, once for
 * each version of it, and the model with each further failure.
 *
 * Cost: nothing for tools that are built in; else a look at one row.
 */
export async function healthOf(
  env: Parts,
  tool: Tool | undefined,
  output: ToolOutput,
  conversationId: string,
): Promise<ToolHealth> {
  const { repair } = env.settings;
  if (tool?.version === undefined || !repair?.enabled) return WELL;
  const fault = ownFault(tool.name, output.audit ?? []);
  if (!output.ok && fault === undefined) return WELL;
  const [known] = await toolFailures(env.database, tool.name);
  if (fault !== undefined) {
    const failed = { tool: tool.name, version: tool.version, fault, conversationId };
    return afterFailure(env, repair, known, failed);
  }
  if (!known || (known.count === 0 && known.brokenAt === null)) return WELL;
  const now = env.clock.now();
  const writes = [workedStatement(tool.name, tool.version, now)];
  return { writes: known.brokenAt === null ? writes : [...writes, repairedStatement(known, now)] };
}

interface Failed {
  readonly tool: string;
  readonly version: string;
  readonly fault: string;
  readonly conversationId: string;
}

function afterFailure(
  { clock }: Parts,
  repair: RepairSettings,
  known: ToolFailure | undefined,
  { tool, version, fault, conversationId }: Failed,
): ToolHealth {
  const now = clock.now();
  const isSame = known?.version === version;
  const count = isSame ? known.count + 1 : 1;
  const wasBroken = isSame ? known.brokenAt : null;
  const isBroken = wasBroken !== null || count >= repair.afterFailures;
  const failure = {
    tool,
    version,
    count,
    lastError: shortError(fault),
    conversationId,
    brokenAt: isBroken ? (wasBroken ?? now) : null,
  };
  const result = known?.job && !isSame ? 'What was built then fails as well.' : null;
  const writes = [failureStatement(failure, result, now)];
  if (!isBroken) return { writes };
  const told = { ...failure, attempts: known?.attempts ?? 0, source: known?.source ?? null };
  const notices = wasBroken === null ? [brokenStatement(told, repair, now)] : [];
  return { writes: [...writes, ...notices], note: brokenNote(failure) };
}

type Broken = Parameters<typeof brokenNotice>[0] & Pick<ToolFailure, 'version' | 'conversationId'>;

const brokenStatement = (failure: Broken, repair: RepairSettings, now: number): Statement =>
  notificationStatement(
    {
      ...about(failure),
      kind: 'repair.asks',
      key: `repair/${failure.tool}/${failure.version}/${failure.attempts}/${now}`,
      text: brokenNotice(failure, repair),
      // The error is what the tool said.
      origins: [`the tool ${failure.tool}`],
    },
    now,
  );

const repairedStatement = (failure: ToolFailure, now: number): Statement =>
  notificationStatement(
    {
      ...about(failure),
      kind: 'repair.done',
      key: `repair/done/${failure.tool}/${failure.brokenAt}`,
      text: `The tool ${failure.tool} works again.`,
      origins: [],
    },
    now,
  );

const about = ({
  tool,
  conversationId,
}: Pick<ToolFailure, 'tool' | 'conversationId'>): Pick<Notification, 'from' | 'conversationId'> => ({
  from: `the tool ${tool}`,
  conversationId,
});
