import type { AnyMachineSnapshot, SnapshotFrom } from 'xstate';
import type { EffectClass } from '../../machines/tool-calls.ts';
import { type TurnEvent, type TurnInput, type TurnLimits, turnMachine } from '../../machines/turn.ts';
import type { JournalEntry, JournalRecord } from '../../src/core/journal.ts';
import { sys } from '../../src/runtime/index.ts';
import { pastEvent } from './past-event.ts';

type TurnSnapshot = SnapshotFrom<typeof turnMachine>;

/** One step of a turn that is over or under way, made again. */
export interface Fold {
  /** Undefined for the beginning. */
  readonly event: TurnEvent | undefined;
  readonly before: TurnSnapshot | undefined;
  readonly after: TurnSnapshot;
  /** What the machine asked for, by name. */
  readonly requests: readonly string[];
  /** What was written with it. */
  readonly entries: readonly JournalEntry[];
}

export interface FoldedTurn {
  readonly folds: readonly Fold[];
  readonly input: TurnInput;
  /** The entry that today's statechart would not have written; null where there is none. */
  readonly diverged: { readonly seq: number; readonly why: string } | null;
}

export interface FoldOptions {
  /** Those of today, tried first. The journal does not say which were in force. */
  readonly limits: TurnLimits;
  readonly channel: string;
  readonly effectOf: (tool: string) => EffectClass;
}

/**
 * Goes through a turn's entries with the pure statechart: what it must have been told, and where that led. Nothing is
 * carried out. Each step is held against what the journal says it wrote, so that a turn of another version, or of
 * other limits than could be found out, ends at the entry that does not fit.
 *
 * Cost: one transition for each step, at most five times.
 */
export function foldTurn(entries: readonly JournalEntry[], options: FoldOptions): FoldedTurn {
  const tried = limitsToTry(entries, options.limits).map((limits) =>
    foldWith(entries, { ...options, limits }),
  );
  const [first] = tried;
  if (!first) throw new Error('no limits were tried');
  return tried.find(({ diverged }) => diverged === null) ?? first;
}

/** How many model calls were allowed shows where a turn came to the end of them. */
function limitsToTry(entries: readonly JournalEntry[], limits: TurnLimits): readonly TurnLimits[] {
  const calls = entries.filter(({ type }) => type === 'model.requested').length;
  const others = [calls, calls + 1, calls + 2].map((iterations) => ({ ...limits, iterations }));
  return [limits, ...others, { iterations: limits.iterations, tokens: 1, workMs: 0 }];
}

function foldWith(entries: readonly JournalEntry[], { limits, channel, effectOf }: FoldOptions): FoldedTurn {
  const input = inputOf(entries, limits, channel);
  let snapshot = begun(input);
  const folds: Fold[] = [{ event: undefined, before: undefined, after: snapshot, requests: [], entries: [] }];
  let at = 0;
  while (at < entries.length) {
    const past = pastEvent({ snapshot, entries, at, effectOf });
    const stopped = (why: string): FoldedTurn => ({
      folds,
      input,
      diverged: { seq: entries[at]?.seq ?? 0, why },
    });
    if (!past) return stopped(`No event of "${String(snapshot.value)}" leads to this entry.`);
    if (snapshot.status !== 'active' || !snapshot.can(past.event)) {
      return stopped(`"${String(snapshot.value)}" does not take ${past.event.type}.`);
    }
    const { next, requests } = sys.pureStep(turnMachine, snapshot, past.event);
    const written = at + past.told + writtenBy(requests, entries.slice(at + past.told));
    if (written < 0 || !isTurn(next)) return stopped('Other entries follow from this step today.');
    const own = entries.slice(at, written);
    folds.push({
      event: past.event,
      before: snapshot,
      after: next,
      requests: requests.map(({ type }) => type),
      entries: own,
    });
    snapshot = next;
    at = written;
  }
  return { folds, input, diverged: null };
}

function inputOf(entries: readonly JournalEntry[], limits: TurnLimits, channel: string): TurnInput {
  const began = entries.find((entry) => entry.type === 'turn.began');
  const iterations = Math.min(limits.iterations, began?.agent?.maxIterations ?? limits.iterations);
  return {
    turnId: began?.turnId ?? '',
    channel,
    limits: { ...limits, iterations },
    unattended: began?.unattended === true || began?.agent !== undefined,
  };
}

function begun(input: TurnInput): TurnSnapshot {
  const snapshot = sys.pureBegin(turnMachine, input);
  if (!isTurn(snapshot)) throw new Error('a turn begins as a turn');
  return snapshot;
}

const isTurn = (snapshot: AnyMachineSnapshot): snapshot is TurnSnapshot => snapshot.machine === turnMachine;

interface Asked {
  readonly type: string;
  readonly params: unknown;
}

/** What each request writes into the journal; those that are missing write nothing. */
const WRITES: Readonly<Record<string, readonly JournalRecord['type'][]>> = {
  nudge: ['turn.nudged'],
  askForBudget: ['approval.requested'],
  requestModel: ['model.requested'],
  requestTool: ['tool.requested'],
  requestApproval: ['approval.requested'],
  refuseCall: ['tool.refused'],
  abandonCall: ['tool.refused', 'tool.completed'],
  reply: ['turn.replied'],
};

/** Further rows of the step, which no request asked for. */
const BESIDE: ReadonlySet<string> = new Set(['memory.recalled']);

/** How many of the next entries the requests account for; far below zero where they do not fit. */
function writtenBy(requests: readonly Asked[], entries: readonly JournalEntry[]): number {
  let count = 0;
  const skip = (): void => {
    while (BESIDE.has(entries[count]?.type ?? '')) count++;
  };
  skip();
  for (const request of requests) {
    const types = WRITES[request.type];
    if (!types) continue;
    const entry = entries[count];
    if (!entry || !types.includes(entry.type) || !isAbout(entry, request)) return Number.NEGATIVE_INFINITY;
    count++;
    skip();
  }
  return count;
}

/** Where the request says which call, which reason or which end, the entry says the same. */
function isAbout(entry: JournalEntry, { params }: Asked): boolean {
  if (!(params instanceof Object)) return true;
  return ABOUT.every((name) => {
    const [asked, told]: readonly unknown[] = [Reflect.get(params, name), Reflect.get(entry, name)];
    return asked === undefined || told === undefined || asked === told;
  });
}

const ABOUT = ['callId', 'reason', 'finish', 'iteration', 'approvalId'];
