import type { JournalEntry, JournalRecord } from '../src/core/journal.ts';
import {
  countTokens,
  type FitOptions,
  fitTranscript,
  measureText,
  measureTools,
  promptWindow,
  renderSystemPrompt,
  type ToolDescription,
} from '../src/llm/index.ts';
import type { Environment } from './environment.ts';
import { readIdentity } from './identity.ts';
import type { TurnRequest } from './model-call.ts';
import { withoutOwnSecrets } from './secrecy.ts';

/** Whose request it is. One object for a whole turn: what its system prompt says is kept with it. */
export interface RequestScope {
  readonly env: Pick<Environment, 'memory' | 'clock' | 'models' | 'settings' | 'leaks' | 'knownReady'>;
}

export interface RequestOptions {
  /** Of the conversation. */
  readonly entries: readonly JournalEntry[];
  readonly tools: readonly ToolDescription[];
  /** What belongs to the turn and is not in the journal yet: it commits with the model's answer. */
  readonly pending?: readonly JournalRecord[];
  /** For the end of the system prompt. */
  readonly notes?: readonly string[];
}

/**
 * What the model is shown: who it is, what was said, what it can call; as much of it as fits into the window of the
 * model that is asked first. `tooLong` where the conversation has to be summed up before (see `compaction`): at most
 * once in a turn, and only where there is something to sum up.
 */
export async function modelRequest(
  scope: RequestScope,
  { entries, tools, pending = [], notes = [] }: RequestOptions,
): Promise<TurnRequest> {
  const { env } = scope;
  await env.models.ready();
  const head = await headOf(scope, entries);
  const { identity } = head;
  const { timezone } = env.settings;
  const system = renderSystemPrompt({ now: head.now, timezone, identity, notes });
  const records = [...entries, ...pending];
  const { messages, origins, tooLong } = await fitTranscript(records, {
    ...fitOptions(env, records, [measureText(system), measureTools(tools)]),
    beginsLate: beginsLate(entries),
  });
  return {
    system,
    messages,
    tools,
    origins,
    ...(tooLong && { tooLong }),
  };
}

function fitOptions(
  { models }: Pick<Environment, 'models'>,
  records: readonly JournalRecord[],
  fixed: FitOptions['fixed'],
): Omit<FitOptions, 'beginsLate'> {
  const model = models.current();
  const maySumUp = model.name !== OFFLINE && !wasTooLong(records);
  return { window: promptWindow(model), fixed, count: countTokens, maySumUp };
}

/** It follows rules and can sum nothing up. */
const OFFLINE = 'offline';

/** Whether this turn was too long before: by now it was summed up, or could not be. */
function wasTooLong(records: readonly JournalRecord[]): boolean {
  const start = records.findLastIndex(({ type }) => type === 'turn.began');
  return records
    .slice(Math.max(0, start))
    .some((record) => record.type === 'model.failed' && record.error.kind === 'context-too-long');
}

/** Whether there is more in the journal that counts. What was said before all was cleared does not. */
function beginsLate(entries: readonly JournalEntry[]): boolean {
  const isCleared = entries.some((entry) => entry.type === 'history.changed' && entry.change === 'clear');
  return (entries[0]?.seq ?? 1) > 1 && !isCleared;
}

interface Head {
  /** When the turn began, in milliseconds since the Unix epoch. */
  readonly now: number;
  readonly identity: string;
}

/** The beginning of a request stays the same for a whole turn, whatever the turn does to memory, and past midnight. */
const heads = new WeakMap<RequestScope, Promise<Head>>();

function headOf(scope: RequestScope, entries: readonly JournalEntry[]): Promise<Head> {
  const known = heads.get(scope);
  if (known) return known;
  const head = readHead(scope, entries);
  heads.set(scope, head);
  head.catch(() => heads.delete(scope));
  return head;
}

async function readHead({ env }: RequestScope, entries: readonly JournalEntry[]): Promise<Head> {
  const began = entries.findLast(({ type }) => type === 'turn.began');
  const now = began ? Date.parse(began.at) : env.clock.now();
  return { now, identity: await withoutSecrets(env, await readIdentity(env)) };
}

/** Memory takes no secrets; but one may have been there before it was stored as a secret. */
async function withoutSecrets({ leaks, knownReady }: RequestScope['env'], text: string): Promise<string> {
  if (text === '') return '';
  await knownReady();
  return withoutOwnSecrets(leaks, text);
}
