import { batch, signal } from '@preact/signals';
import type { JournalEntry, RecordOf } from '../../../src/core/journal.ts';
import { t } from '../i18n.ts';
import { type Plan, readPlan } from './plan.ts';
import type {
  AnswerRow,
  ApprovalRow,
  NoteRow,
  Row,
  RunningTurn,
  ToolRow,
  Transcript,
  TurnEnd,
} from './row.ts';

type Placed<T extends JournalEntry['type']> = RecordOf<T> & { readonly seq: number; readonly at: string };

/** What is added up over a turn until its reply. */
interface Tally {
  readonly beganAt: string;
  readonly models: Set<string>;
  costMicroUsd: number | undefined;
}

/**
 * Turns journal entries into what is shown. It follows from the entries alone, so that the same ones give the same
 * page. An entry costs the same however long the conversation is.
 */
export function createTranscript(): Transcript {
  const rows: Row[] = [];
  const places = new Map<string, number>();
  const plans = new Map<string, Plan>();
  const drafts = new Map<string, AnswerRow>();
  const hidden = new Set<string>();
  const inputs = new Set<string>();
  const tallies = new Map<string, Tally>();
  const talk: string[] = [];
  let running: RunningTurn | undefined;

  /** Where it stands already, it is changed there. */
  const put = (row: Row): void => {
    const place = places.get(row.id);
    if (place !== undefined) rows[place] = row;
    else places.set(row.id, rows.push(row) - 1);
  };
  const find = (id: string): Row | undefined => rows[places.get(id) ?? -1];

  const users = (entry: Placed<'turn.began'> | Placed<'turn.steered'>): void => {
    const { seq, at, turnId } = entry;
    for (const { inboxId, text, origin } of entry.messages) {
      inputs.add(inboxId);
      put({
        kind: 'user',
        id: `in ${inboxId}`,
        seq,
        at,
        turnId,
        inboxId,
        text,
        origin,
        steers: entry.type === 'turn.steered',
        isCommand: entry.type === 'turn.began' && entry.route === 'command',
      });
    }
  };

  const began = (entry: Placed<'turn.began'>): void => {
    running = { turnId: entry.turnId, beganAt: entry.at };
    tallies.set(entry.turnId, { beganAt: entry.at, models: new Set(), costMicroUsd: undefined });
    if (entry.route !== 'command') talk.push(entry.turnId);
    users(entry);
  };

  const answerOf = (
    effectId: string,
    { seq, at, turnId }: { readonly seq: number; readonly at: string; readonly turnId: string },
  ): AnswerRow => {
    const found = drafts.get(effectId);
    if (found) return found;
    const row: AnswerRow = {
      kind: 'answer',
      id: `out ${effectId}`,
      seq,
      at,
      turnId,
      text: '',
      draft: signal(''),
      end: undefined,
    };
    drafts.set(effectId, row);
    put(row);
    return row;
  };

  const drop = (effectId: string): void => {
    const row = drafts.get(effectId);
    drafts.delete(effectId);
    if (row) put({ ...row, text: '', draft: undefined });
  };

  const completed = (entry: Placed<'model.completed'>): void => {
    const { effectId, text, toolCalls, notices = [], seq, at, turnId } = entry;
    const tally = tallies.get(turnId);
    tally?.models.add(entry.model);
    if (tally && entry.costMicroUsd !== undefined)
      tally.costMicroUsd = (tally.costMicroUsd ?? 0) + entry.costMicroUsd;
    for (const [index, told] of notices.entries())
      put({ kind: 'note', id: `told ${seq} ${index}`, seq, at, turnId, about: 'told', text: told, more: '' });
    if (text === '') {
      drop(effectId);
      return;
    }
    const row: AnswerRow = { ...answerOf(effectId, entry), text, draft: undefined };
    put(row);
    // What comes before calls stays as it is; the last words become the reply.
    if (toolCalls.length > 0) drafts.delete(effectId);
    else drafts.set(effectId, row);
  };

  const replied = (entry: Placed<'turn.replied'>): void => {
    const { turnId, seq, at, text } = entry;
    const last = [...drafts.values()].at(-1);
    const base: AnswerRow = last ?? {
      kind: 'answer',
      id: `reply ${seq}`,
      seq,
      at,
      turnId,
      text,
      draft: undefined,
      end: undefined,
    };
    put({ ...base, text, draft: undefined, end: endOf(entry, tallies.get(turnId)) });
    drafts.clear();
    running = undefined;
    for (const [at, row] of rows.entries())
      if (row.kind === 'approval' && row.turnId === turnId && !row.decided)
        rows[at] = { ...row, decided: 'late' };
  };

  const requested = (entry: Placed<'tool.requested'>): void => {
    const { seq, at, turnId, callId, tool } = entry;
    if (tool === 'plan_update') {
      const plan = readPlan(entry.arguments);
      if (plan) plans.set(entry.effectId, plan);
    }
    put({
      kind: 'tool',
      id: `call ${callId}`,
      seq,
      at,
      turnId,
      tool,
      arguments: entry.arguments,
      state: 'running',
      content: '',
      durationMs: undefined,
      origins: [],
      warnings: [],
    });
  };

  const toolEnded = (entry: Placed<'tool.completed'> | Placed<'tool.refused'>): void => {
    const { seq, at, turnId, callId, tool, content } = entry;
    const found = find(`call ${callId}`);
    const base: ToolRow =
      found?.kind === 'tool'
        ? found
        : {
            kind: 'tool',
            id: `call ${callId}`,
            seq,
            at,
            turnId,
            tool,
            arguments: {},
            state: 'refused',
            content,
            durationMs: undefined,
            origins: [],
            warnings: [],
          };
    if (entry.type === 'tool.refused') {
      put({ ...base, state: 'refused', content });
      return;
    }
    const { outcome, durationMs, origins = [], warnings = [] } = entry;
    put({ ...base, state: outcome, content, durationMs, origins, warnings });
    const plan = plans.get(entry.effectId);
    plans.delete(entry.effectId);
    // The checklist of a turn stands where it was first shown, and changes there.
    if (!plan || outcome !== 'succeeded') return;
    const id = `plan ${turnId}`;
    const first = find(id) ?? { seq, at };
    put({ kind: 'plan', id, seq: first.seq, at: first.at, turnId, plan });
  };

  const asked = (entry: Placed<'approval.requested'>): void => {
    const { seq, at, turnId, approvalId } = entry;
    const id = `ask ${approvalId}`;
    put({ kind: 'approval', id, seq, at, turnId, question: entry, decided: undefined, decidedAt: undefined });
  };

  const decided = (entry: Placed<'approval.decided'>): void => {
    const row = find(`ask ${entry.approvalId}`);
    if (row?.kind === 'approval') put({ ...row, decided: entry, decidedAt: entry.at } satisfies ApprovalRow);
  };

  const note = (
    { seq, at }: { readonly seq: number; readonly at: string },
    turnId: string,
    about: NoteRow['about'],
    text: string,
    more = '',
  ): void => put({ kind: 'note', id: `note ${seq}`, seq, at, turnId, about, text, more });

  const recalled = (entry: Placed<'memory.recalled'>): void => {
    if (entry.passages.length === 0) return;
    const paths = [...new Set(entry.passages.map(({ path }) => path))];
    const more = entry.passages.map(({ path, text }) => `**${path}**\n\n${text}`).join('\n\n');
    note(entry, entry.turnId, 'recalled', t('Remembered: {paths}', { paths: paths.join(', ') }), more);
  };

  const add = (entry: JournalEntry): void => {
    switch (entry.type) {
      case 'turn.began':
        began(entry);
        return;
      case 'turn.steered':
        users(entry);
        return;
      case 'turn.nudged':
        note(entry, entry.turnId, 'nudged', t('Reminded itself'), entry.text);
        return;
      case 'model.completed':
        completed(entry);
        return;
      case 'model.failed': {
        drop(entry.effectId);
        const { seq, at, turnId, error } = entry;
        const text = error.message;
        put({
          kind: 'problem',
          id: `problem ${seq}`,
          seq,
          at,
          turnId,
          failure: error.kind,
          text,
          inboxId: undefined,
        });
        return;
      }
      case 'tool.requested':
        requested(entry);
        return;
      case 'tool.completed':
      case 'tool.refused':
        toolEnded(entry);
        return;
      case 'approval.requested':
        asked(entry);
        return;
      case 'approval.decided':
        decided(entry);
        return;
      case 'turn.replied':
        replied(entry);
        return;
      case 'notice.posted': {
        const { seq, at, noticeId, text, from, origins = [] } = entry;
        put({ kind: 'notice', id: `notice ${noticeId}`, seq, at, turnId: '', text, from, origins });
        return;
      }
      case 'memory.recalled':
        recalled(entry);
        return;
      case 'history.compacted': {
        const { turnIds, tokensBefore, tokensAfter, summary } = entry;
        const text = t('{count} earlier exchanges are now a summary ({before} → {after} tokens)', {
          count: turnIds.length,
          before: tokensBefore,
          after: tokensAfter,
        });
        note(entry, '', 'compacted', text, summary);
        return;
      }
      case 'history.expanded':
        note(entry, '', 'expanded', t('The summary is replaced by what was said'));
        return;
      case 'history.changed':
        for (const turnId of entry.turnIds) {
          if (entry.change === 'redo') hidden.delete(turnId);
          else hidden.add(turnId);
        }
        return;
      case 'input.refused': {
        inputs.add(entry.inboxId);
        const { seq, at, inboxId, reason } = entry;
        const id = `problem ${seq}`;
        put({
          kind: 'problem',
          id,
          seq,
          at,
          turnId: '',
          failure: 'refused',
          text: reason,
          inboxId,
        });
        return;
      }
    }
  };

  return {
    add,
    rows: () => rows.filter((row) => !hidden.has(row.turnId) && !isNothing(row)),
    turns: () => talk.filter((turnId) => !hidden.has(turnId)),
    running: () => running,
    has: (inboxId) => inputs.has(inboxId),
    delta({ effectId, offset, text }) {
      if (!running) return;
      const seq = (rows.at(-1)?.seq ?? 0) + 0.5;
      const row = answerOf(effectId, { seq, at: running.beganAt, turnId: running.turnId });
      const { draft } = row;
      if (!draft) return;
      batch(() => {
        draft.value = joined(draft.peek(), offset, text);
      });
    },
  };
}

/** An offset of 0 begins anew; what was missed shows as `…`. */
function joined(written: string, offset: number, text: string): string {
  if (offset === 0) return text;
  if (offset > written.length) return `${written}…${' '.repeat(offset - written.length - 1)}${text}`;
  return written.slice(0, offset) + text;
}

/** An answer that came to nothing; the call that a checklist is shown for. */
function isNothing(row: Row): boolean {
  if (row.kind === 'tool') return row.tool === 'plan_update' && row.state === 'succeeded';
  return row.kind === 'answer' && row.text === '' && row.draft === undefined && row.end === undefined;
}

function endOf(entry: Placed<'turn.replied'>, tally: Tally | undefined): TurnEnd {
  return {
    finish: entry.finish,
    usage: entry.usage,
    costMicroUsd: tally?.costMicroUsd,
    durationMs: tally ? Date.parse(entry.at) - Date.parse(tally.beganAt) : 0,
    models: [...(tally?.models ?? [])],
  };
}
