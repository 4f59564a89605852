import type { AgentOrder, JournalEntry, RecordOf, ToolCall } from '../src/core/journal.ts';
import type { MadeCall } from '../src/llm/index.ts';
import { PLAN_TOOL } from '../src/plan/index.ts';
import { unitedOrigins } from '../src/safety/index.ts';
import type { Planning } from '../src/tools/index.ts';

/** What the policy and the tools need to know of the turn that calls are made in. */
export interface TurnSoFar {
  readonly turnId: string;
  /** What the user said, in their own words. What an agent was told are a model's, unless its order says otherwise. */
  readonly wish: readonly string[];
  /** Calls that were begun. */
  readonly done: readonly Pick<ToolCall, 'tool' | 'arguments'>[];
  /** Nobody is there to be asked. */
  readonly unattended: boolean;
  readonly planning: Planning;
  /** Where it is the work of an agent. */
  readonly agent: AgentOrder | undefined;
}

/** Reads it of the latest turn from the conversation's journal. Linear in the entries since that turn began. */
export function turnSoFar(entries: readonly JournalEntry[]): TurnSoFar {
  const start = entries.findLastIndex(({ type }) => type === 'turn.began');
  const turn = start < 0 ? [] : entries.slice(start);
  const [began] = turn;
  const beginning = began?.type === 'turn.began' ? began : undefined;
  return {
    turnId: beginning?.turnId ?? '',
    wish: turn.flatMap(ownWords),
    done: turn.filter((entry) => entry.type === 'tool.requested'),
    unattended: isUnattended(beginning ?? {}),
    planning: beginning?.planning ? planningOf(turn) : 'off',
    agent: beginning?.agent,
  };
}

/** An agent asks nobody, unless its order says otherwise: its question would stand where nobody looks. */
export const isUnattended = ({
  unattended,
  agent,
}: Pick<RecordOf<'turn.began'>, 'unattended' | 'agent'>): boolean =>
  unattended === true || (agent !== undefined && !agent.mayAsk);

/** What the running turn was ordered as, where it is the work of an agent. */
export function agentOf(entries: readonly JournalEntry[]): AgentOrder | undefined {
  const began = entries.findLast(({ type }) => type === 'turn.began');
  return began?.type === 'turn.began' ? began.agent : undefined;
}

/** A call with the words that had a hand in the order as well, where an agent makes it. */
export function influenced(made: MadeCall, { agent }: Pick<TurnSoFar, 'agent'>): MadeCall {
  return agent ? { ...made, origins: unitedOrigins(made.origins, agent.origins) } : made;
}

/** A plan is only ever asked about while none is approved, so that any yes to one is the yes. */
function planningOf(turn: readonly JournalEntry[]): Planning {
  const isApproved = turn.some(
    (entry) => entry.type === 'approval.decided' && entry.tool === PLAN_TOOL && entry.decision !== 'deny',
  );
  return isApproved ? 'approved' : 'unapproved';
}

function ownWords(entry: JournalEntry): readonly string[] {
  if (entry.type !== 'turn.began' && entry.type !== 'turn.steered') return [];
  if (entry.type === 'turn.began' && entry.agent && !entry.agent.byUser) return [];
  return entry.messages.filter(({ origin }) => origin === undefined).map(({ text }) => text);
}
