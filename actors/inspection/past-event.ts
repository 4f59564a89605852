import type { SnapshotFrom } from 'xstate';
import type { Call, EffectClass, Verdict } from '../../machines/tool-calls.ts';
import type { TurnEvent, turnMachine } from '../../machines/turn.ts';
import type { JournalEntry, RecordOf } from '../../src/core/journal.ts';
import { repeatsOf } from '../repeated-calls.ts';
import { NOT_BEGUN } from '../turn-rows.ts';

type TurnSnapshot = SnapshotFrom<typeof turnMachine>;

/** An event that a turn once took in, and how many of the next entries only say that it came. */
export interface PastEvent {
  readonly event: TurnEvent;
  readonly told: 0 | 1;
}

/** Where in a turn's entries we are, and what the machine is like there. */
export interface Place {
  readonly snapshot: TurnSnapshot;
  readonly entries: readonly JournalEntry[];
  readonly at: number;
  /** How a tool may be repeated, which the journal does not say. */
  readonly effectOf: (tool: string) => EffectClass;
}

/**
 * What happened to a turn where the journal goes on with this entry. Most events are entries themselves; the others
 * are told by what followed from them, together with the state that the machine waited in.
 *
 * Undefined where neither is the case: the journal was written by another statechart than today's.
 */
export function pastEvent(place: Place): PastEvent | undefined {
  const entry = place.entries[place.at];
  if (!entry) return undefined;
  return ending(place) ?? ownEvent(entry, place) ?? impliedEvent(entry, place);
}

/** The entry is the event. */
function ownEvent(entry: JournalEntry, place: Place): PastEvent | undefined {
  const told = 1;
  switch (entry.type) {
    case 'turn.began':
    case 'turn.routed':
    case 'turn.steered':
    case 'command.completed': {
      const { seq: _seq, at: _at, turnId: _turn, ...event } = entry;
      return { event, told };
    }
    case 'history.compacted': {
      const { seq: _seq, at: _at, turnId: _turn, ...event } = entry;
      return { event: { ...event, effectId: '' }, told };
    }
    case 'model.completed': {
      const { seq: _seq, at: _at, turnId: _turn, ...event } = entry;
      return { event: announces(place) ? { ...event, announced: true } : event, told };
    }
    case 'model.failed': {
      const { seq: _seq, at: _at, turnId: _turn, ...event } = entry;
      return { event: { ...event, ...question(entry, place) }, told };
    }
    case 'tool.completed': {
      const { seq: _seq, at: _at, turnId: _turn, tool: _tool, ...event } = entry;
      return { event: { ...event, ...repeats([entry], place) }, told };
    }
    case 'approval.decided': {
      const { type, approvalId, decision, reason } = entry;
      return { event: { type, inboxId: '', approvalId, decision, reason }, told };
    }
    default:
      return undefined;
  }
}

const announces = ({ entries, at }: Place): boolean => {
  const next = entries.slice(at + 1).find(({ type }) => type !== 'memory.recalled');
  return next?.type === 'turn.nudged' && next.reason === 'announced';
};

/** Of the question about a budget, where that is what failed. */
function question(
  { error }: RecordOf<'model.failed'>,
  { entries, at }: Place,
): { readonly approvalId?: string } {
  const next = entries[at + 1];
  return error.budget && next?.type === 'approval.requested' ? { approvalId: next.approvalId } : {};
}

/** The entry follows from an event that left none of its own. */
function impliedEvent(entry: JournalEntry, place: Place): PastEvent | undefined {
  const { value } = place.snapshot;
  const effectId = '';
  if (value === 'judging') return judged(place);
  if (value === 'compacting' && entry.type === 'model.requested') {
    return { event: { type: 'compaction.failed', effectId, reason: '' }, told: 0 };
  }
  if (value === 'acting' && (entry.type === 'approval.requested' || entry.type === 'tool.refused')) {
    const approvalId = entry.type === 'approval.requested' ? entry.approvalId : '';
    return { event: { type: 'tool.unknown', effectId, callId: entry.callId, approvalId }, told: 0 };
  }
  return undefined;
}

function judged(place: Place): PastEvent {
  const verdicts = verdictsAt(place);
  const refused = verdicts.filter((verdict) => verdict.verdict === 'refuse');
  return {
    event: { type: 'calls.judged', effectId: '', verdicts, ...repeats(refused, place) },
    told: 0,
  };
}

/** The first call that waits was judged; those after it only as long as they began at once and side by side. */
function verdictsAt({ snapshot, entries, at, effectOf }: Place): readonly Verdict[] {
  const waiting = snapshot.context.calls.filter(({ state }) => state === 'waiting');
  const verdicts: Verdict[] = [];
  for (const [place, call] of waiting.entries()) {
    const entry = entries[at + place];
    const verdict = entry && verdictIn(entry, call, effectOf);
    if (!verdict) break;
    verdicts.push(verdict);
    if (verdict.verdict !== 'allow') break;
  }
  return verdicts;
}

function verdictIn(entry: JournalEntry, { callId }: Call, effectOf: Place['effectOf']): Verdict | undefined {
  if (!('callId' in entry) || entry.callId !== callId) return undefined;
  switch (entry.type) {
    case 'tool.requested':
      return { callId, verdict: 'allow', effect: effectOf(entry.tool) };
    case 'tool.refused':
      return { callId, verdict: 'refuse', content: entry.content };
    case 'approval.requested': {
      const { approvalId, reason, allowAlways, scope, origins, fingerprint, tool } = entry;
      return {
        callId,
        verdict: 'ask',
        effect: effectOf(tool),
        approvalId,
        reason,
        allowAlways,
        ...(scope !== undefined && { scope }),
        ...(origins && { origins }),
        ...(fingerprint !== undefined && { fingerprint }),
      };
    }
    default:
      return undefined;
  }
}

/** Stopped by the user, or given up: all that follows is what was left open, and the reply. */
function ending({ snapshot, entries, at }: Place): PastEvent | undefined {
  const rest = entries.slice(at);
  const reply = rest.at(-1);
  if (reply?.type !== 'turn.replied' || !rest.slice(0, -1).every(isLeftOpen)) return undefined;
  const text = withoutNotices(reply.text, snapshot.context.notices);
  if (reply.finish === 'interrupted') {
    return { event: { type: 'turn.interrupted', inboxId: null, partialText: text }, told: 0 };
  }
  // Any other failure has an entry of its own before the reply.
  return reply.finish === 'failed' ? { event: { type: 'turn.abandoned', reason: text }, told: 0 } : undefined;
}

const isLeftOpen = (entry: JournalEntry): boolean =>
  (entry.type === 'tool.refused' && entry.content === NOT_BEGUN) ||
  (entry.type === 'tool.completed' && entry.outcome === 'abandoned');

function withoutNotices(text: string, notices: readonly string[]): string {
  const tail = notices.join('\n');
  if (tail === '' || !text.endsWith(tail)) return text;
  return text.slice(0, -tail.length).replace(/\n\n$/, '');
}

interface Result {
  readonly callId: string;
  readonly content: string;
}

/** As the actor told the machine: how often a call was made with one and the same result. */
function repeats(results: readonly Result[], { entries, at }: Place): { readonly repeats?: number } {
  const before = entries.slice(0, at);
  const calls = before.flatMap((entry) => (entry.type === 'model.completed' ? entry.toolCalls : []));
  const most = Math.max(
    0,
    ...results.map(({ callId, content }) => {
      const call = calls.findLast((made) => made.callId === callId);
      return call ? repeatsOf(call, content, before) : 0;
    }),
  );
  return most > 1 ? { repeats: most } : {};
}
