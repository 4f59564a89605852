import type { Arrow, Lane, TurnSequence } from '../../src/core/inspect.ts';
import type { JournalEntry, RecordOf } from '../../src/core/journal.ts';
import { NOT_BEGUN } from '../turn-rows.ts';
import type { Show } from './show.ts';

/** An arrow before it is known when. `asked` names what it asks for, `answers` what it answers. */
interface Said extends Pick<Arrow, 'from' | 'to' | 'label' | 'durationMs' | 'outcome' | 'origins'> {
  readonly about?: unknown;
  readonly asked?: string;
  readonly answers?: string;
}

/** Who said what to whom in a turn. Made of its journal alone, so that one long past has it too. */
export function turnSequence(
  conversationId: string,
  turnId: string,
  entries: readonly JournalEntry[],
  show: Show,
): TurnSequence {
  const said = entries.flatMap((entry, place) =>
    saidBy(entry, entries.slice(0, place)).map((one) => ({ ...one, entry })),
  );
  const asked = new Map(said.flatMap(({ asked }, place) => (asked === undefined ? [] : [[asked, place]])));
  const arrows = said.map(({ entry, about, asked: _, answers, ...one }): Arrow => {
    const place = answers === undefined ? undefined : asked.get(answers);
    const preview = about === undefined ? '' : show.preview(about);
    return {
      seq: entry.seq,
      at: entry.at,
      ...one,
      preview,
      ...(place !== undefined && { answers: place }),
    };
  });
  return { conversationId, turnId, lanes: lanesOf(arrows), arrows };
}

function saidBy(entry: JournalEntry, before: readonly JournalEntry[]): readonly Said[] {
  switch (entry.type) {
    case 'turn.began':
    case 'turn.steered':
      return messages(entry);
    case 'turn.routed':
      return [{ from: 'model', to: 'turn', label: `understood as ${entry.route}` }];
    case 'memory.recalled':
      return [{ from: 'memory', to: 'turn', label: 'recalls', about: entry.passages, ...from(entry) }];
    case 'turn.nudged':
      return [{ from: 'turn', to: 'model', label: `is told: ${entry.reason}`, about: entry.text }];
    case 'model.requested': {
      const { effectId, iteration } = entry;
      return [{ from: 'turn', to: 'model', label: `asks the model (${iteration})`, asked: effectId }];
    }
    case 'model.completed':
      return [modelAnswer(entry)];
    case 'model.failed': {
      const { effectId, error } = entry;
      return [
        {
          from: 'model',
          to: 'turn',
          label: error.kind,
          about: error.message,
          answers: effectId,
          outcome: 'failed',
        },
      ];
    }
    case 'tool.requested':
      return toolRequest(entry, before);
    case 'tool.completed':
      return [toolAnswer(entry)];
    case 'tool.refused':
      return refusal(entry, before);
    case 'approval.requested':
      return question(entry);
    case 'approval.decided': {
      const { decision, reason, approvalId } = entry;
      const outcome = decision === 'deny' ? 'refused' : 'ok';
      return [
        {
          from: 'user',
          to: 'turn',
          label: DECISIONS[decision],
          about: reason ?? undefined,
          answers: approvalId,
          outcome,
        },
      ];
    }
    case 'command.completed':
      return [
        { from: 'turn', to: 'command', label: entry.command, asked: entry.effectId },
        {
          from: 'command',
          to: 'turn',
          label: 'answers',
          about: entry.text,
          answers: entry.effectId,
          outcome: 'ok',
        },
      ];
    case 'history.compacted':
      return [
        {
          from: 'model',
          to: 'turn',
          label: 'sums up what came earlier',
          about: entry.summary,
          ...from(entry),
        },
      ];
    case 'turn.replied':
      return [
        { from: 'turn', to: 'outbox', label: REPLIES[entry.finish], about: entry.text, ...from(entry) },
      ];
    default:
      return [];
  }
}

const DECISIONS = {
  once: 'yes, this once',
  conversation: 'yes, in this conversation',
  always: 'yes, always',
  deny: 'no',
} as const;

const REPLIES = {
  answered: 'replies',
  failed: 'says what failed',
  interrupted: 'was stopped',
  limited: 'stops at a limit',
} as const;

const from = ({ origins }: { readonly origins?: readonly string[] }) =>
  origins && origins.length > 0 ? { origins } : {};

function messages({ type, messages: told }: RecordOf<'turn.began' | 'turn.steered'>): readonly Said[] {
  const label = type === 'turn.began' ? 'begins a turn' : 'adds to it';
  return [
    ...told.map(({ text, origin }) => ({
      from: 'user',
      to: 'session',
      label: 'message',
      about: text,
      ...(origin !== undefined && { origins: [origin] }),
    })),
    { from: 'session', to: 'turn', label },
  ];
}

function modelAnswer(entry: RecordOf<'model.completed'>): Said {
  const { toolCalls, text, effectId, durationMs } = entry;
  const label = toolCalls.length > 0 ? `wants ${toolCalls.map(({ tool }) => tool).join(', ')}` : 'answers';
  return {
    from: 'model',
    to: 'turn',
    label,
    about: toolCalls.length > 0 ? toolCalls.map((call) => call.arguments) : text,
    answers: effectId,
    outcome: 'ok',
    ...(durationMs !== undefined && { durationMs }),
    ...from(entry),
  };
}

/** Unless the user was asked, the policy alone let it through. */
function toolRequest(entry: RecordOf<'tool.requested'>, before: readonly JournalEntry[]): readonly Said[] {
  const { callId, effectId, tool } = entry;
  const wasAsked = before.some((one) => one.type === 'approval.requested' && one.callId === callId);
  const judged: readonly Said[] = wasAsked
    ? []
    : [
        { from: 'turn', to: 'policy', label: `may ${tool} run?`, asked: `judge ${callId}` },
        { from: 'policy', to: 'turn', label: 'yes', answers: `judge ${callId}`, outcome: 'ok' },
      ];
  return [
    ...judged,
    { from: 'turn', to: `tool:${tool}`, label: `runs ${tool}`, about: entry.arguments, asked: effectId },
  ];
}

function toolAnswer(entry: RecordOf<'tool.completed'>): Said {
  const { tool, outcome, content, effectId, durationMs } = entry;
  return {
    from: `tool:${tool}`,
    to: 'turn',
    label: outcome,
    about: { content, ...from(entry) },
    answers: effectId,
    durationMs,
    outcome: OUTCOMES[outcome],
    ...from(entry),
  };
}

const OUTCOMES = { succeeded: 'ok', failed: 'failed', unknown: 'unknown', abandoned: 'unknown' } as const;

function refusal(
  { callId, tool, content }: RecordOf<'tool.refused'>,
  before: readonly JournalEntry[],
): readonly Said[] {
  if (content === NOT_BEGUN) return [];
  const byUser = before.some((one) => one.type === 'approval.decided' && one.callId === callId);
  if (byUser) return [];
  return [
    { from: 'turn', to: 'policy', label: `may ${tool} run?`, asked: `judge ${callId}` },
    {
      from: 'policy',
      to: 'turn',
      label: 'no',
      about: content,
      answers: `judge ${callId}`,
      outcome: 'refused',
    },
  ];
}

/** Of a call, or of a budget, which no policy judges. */
function question(entry: RecordOf<'approval.requested'>): readonly Said[] {
  const { approvalId, callId, tool, reason } = entry;
  const judged: readonly Said[] =
    entry.fingerprint === undefined
      ? []
      : [
          { from: 'turn', to: 'policy', label: `may ${tool} run?`, asked: `judge ${callId}` },
          { from: 'policy', to: 'turn', label: 'ask the user', about: reason, answers: `judge ${callId}` },
        ];
  return [
    ...judged,
    {
      from: 'turn',
      to: 'user',
      label: `may it run ${tool}?`,
      about: entry.arguments,
      asked: approvalId,
      ...from(entry),
    },
  ];
}

/** People, then actors, then what they use, the tools in the order of their first call. */
function lanesOf(arrows: readonly Arrow[]): readonly Lane[] {
  const used = [...new Set(arrows.flatMap((arrow) => [arrow.from, arrow.to]))];
  const known = ORDER.filter(({ id }) => used.includes(id));
  const [before, after] = [
    known.filter(({ kind }) => kind !== 'store'),
    known.filter(({ kind }) => kind === 'store'),
  ];
  const tools = used
    .filter((id) => id.startsWith(TOOL))
    .map((id): Lane => ({ id, label: id.slice(TOOL.length), kind: 'effect' }));
  return [...before, ...tools, ...after];
}

const TOOL = 'tool:';

const ORDER: readonly Lane[] = [
  { id: 'user', label: 'you', kind: 'person' },
  { id: 'session', label: 'session', kind: 'actor' },
  { id: 'turn', label: 'turn', kind: 'actor' },
  { id: 'command', label: 'command', kind: 'effect' },
  { id: 'policy', label: 'policy', kind: 'effect' },
  { id: 'model', label: 'model', kind: 'effect' },
  { id: 'memory', label: 'memory', kind: 'store' },
  { id: 'outbox', label: 'outbox', kind: 'store' },
];
