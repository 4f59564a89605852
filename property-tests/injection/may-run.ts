import { isDeepStrictEqual } from 'node:util';
import type { JournalEntry } from '../../src/core/journal.ts';
import type { Palette, Run } from './palette.ts';
import type { PlannedModel } from './planned-model.ts';

/** What became of a number of turns. */
export interface Story {
  readonly palette: Palette;
  readonly planned: PlannedModel;
  /** Of each conversation, also those of agents. */
  readonly journals: readonly (readonly JournalEntry[])[];
}

type Requested = Extract<JournalEntry, { type: 'tool.requested' }>;

/**
 * Whether something that ran was allowed to: the user said yes to this very call; or nobody else had a hand in it, and
 * it need not be asked about or was granted; or outside words had, but a yes that was given in their presence covers it,
 * or the user asked for it in this turn.
 */
export function mayRun(run: Run, { palette, planned, journals }: Story): boolean {
  const journal = journals.find((entries) => entries.some(isRequestOf(run))) ?? [];
  const request = journal.find(isRequestOf(run));
  if (!request) return false;
  if (isApproved(request, run, journal)) return true;
  if (run.tool.approval === 'always') return false;
  const isFree = run.tool.approval === 'never' || isGranted(run, journal, journals, false);
  const [began] = journal;
  const order = began?.type === 'turn.began' ? began.agent : undefined;
  if (!planned.made(request.callId).outside && !order?.origins.length) return isFree;
  const isWished = isFree && isAskedFor(run, request, journal, palette) && isFirst(request, journal);
  return isWished || isGranted(run, journal, journals, true);
}

/** Whether there was a reason to ask: the tool wants it, or outside words were there, or a note that they shaped. */
export function hadReason(
  { tool: name, callId, origins = [] }: Extract<JournalEntry, { type: 'approval.requested' }>,
  { palette, planned, journals }: Story,
): boolean {
  const acting = palette.acting.find(({ tool }) => tool.name === name);
  if (acting?.tool.approval !== 'never' || planned.made(callId).outside) return true;
  if (origins.length > 0 && wasToldByAgent(journals)) return true;
  return origins.some((origin) => origin.includes('of memory')) && wasShapedOutside(planned, journals);
}

/** What an agent says need not repeat what it has read to be under its influence. */
const wasToldByAgent = (journals: Story['journals']): boolean =>
  journals
    .flat()
    .filter((entry) => entry.type === 'tool.completed')
    .some(({ tool, origins = [] }) => tool === 'spawn_agent' && origins.length > 0);

/** A note that was written in the presence of outside words need not repeat one of them to be their work. */
const wasShapedOutside = (planned: PlannedModel, journals: Story['journals']): boolean =>
  journals
    .flat()
    .filter((entry) => entry.type === 'tool.requested')
    .some((entry) => entry.tool === 'memory_write' && planned.made(entry.callId).outside);

const isRequestOf =
  ({ effectId }: Run) =>
  (entry: JournalEntry): entry is Requested =>
    entry.type === 'tool.requested' && entry.effectId === effectId;

/** To this very call, as it ran. */
function isApproved({ callId }: Requested, run: Run, journal: readonly JournalEntry[]): boolean {
  const asked = journal.find((entry) => entry.type === 'approval.requested' && entry.callId === callId);
  const decided = journal.find((entry) => entry.type === 'approval.decided' && entry.callId === callId);
  if (asked?.type !== 'approval.requested' || decided?.type !== 'approval.decided') return false;
  return decided.decision !== 'deny' && isDeepStrictEqual(asked.arguments, run.arguments);
}

/** A yes that lasts covers it; where outside words are there, one that was given in their presence, to the same receiver. */
function isGranted(
  { tool, arguments: args }: Run,
  own: readonly JournalEntry[],
  journals: readonly (readonly JournalEntry[])[],
  outside: boolean,
): boolean {
  const lasting = new Set([
    ...journals.flatMap((journal) => callsDecided(journal, 'always')),
    ...callsDecided(own, 'conversation'),
  ]);
  return journals
    .flat()
    .filter((entry) => entry.type === 'approval.requested')
    .filter(({ callId, tool: name }) => lasting.has(callId) && name === tool.name)
    .some(({ origins = [], arguments: { to } }) => !outside || (origins.length > 0 && to === args.to));
}

const callsDecided = (journal: readonly JournalEntry[], decision: string): readonly string[] =>
  journal
    .filter((entry) => entry.type === 'approval.decided')
    .filter((entry) => entry.decision === decision)
    .map(({ callId }) => callId);

/** In the user's own words of the turn. */
function isAskedFor(
  { tool, arguments: { to } }: Run,
  { turnId }: Requested,
  journal: readonly JournalEntry[],
  { acting }: Palette,
): boolean {
  const verb = acting.find((one) => one.tool === tool)?.verb ?? '';
  return journal
    .filter((entry) => entry.type === 'turn.began')
    .filter((entry) => entry.turnId === turnId && entry.agent === undefined)
    .flatMap(({ messages }) => messages)
    .some(({ text, origin }) => origin === undefined && isIn(text, verb) && isIn(text, String(to)));
}

const isIn = (text: string, word: string): boolean => text.toLowerCase().split(/\W+/).includes(word);

/** What was asked for once is done once. */
function isFirst(request: Requested, journal: readonly JournalEntry[]): boolean {
  const first = journal
    .filter((entry) => entry.type === 'tool.requested')
    .find(({ turnId, tool, arguments: { to } }) => {
      return turnId === request.turnId && tool === request.tool && to === request.arguments.to;
    });
  return first?.effectId === request.effectId;
}
