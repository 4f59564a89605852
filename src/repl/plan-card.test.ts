import { expect, test } from 'vitest';
import type { JournalRecord } from '../core/journal.ts';
import type { JsonObject } from '../core/json.ts';
import { ConversationView } from './conversation-view.ts';
import { createStyle } from './style.ts';

/** What a terminal shows of these records, line by line. */
function shown(...records: readonly JournalRecord[]): readonly string[] {
  const lines: string[] = [];
  const canvas = {
    columns: 80,
    write: (text: string) => void lines.push(text),
    lines: (text: string) => void lines.push(...text.split('\n')),
    endLine: () => {},
  };
  const view = new ConversationView(canvas, createStyle(false));
  for (const [place, record] of records.entries())
    view.show({ type: 'entry', entry: { ...record, seq: place + 1, at: '2026-01-01T00:00:00.000Z' } });
  return lines.map((line) => line.trim()).filter((line) => line !== '');
}

let calls = 0;
function update(args: JsonObject, outcome: 'succeeded' | 'failed' = 'succeeded'): readonly JournalRecord[] {
  const about = { turnId: 't', effectId: `e${++calls}`, callId: `c${calls}`, tool: 'plan_update' };
  return [
    { ...about, type: 'tool.requested', arguments: args },
    { ...about, type: 'tool.completed', outcome, content: 'no good', durationMs: 1 },
  ];
}

test('a plan is printed once, and then what changes of it', () => {
  const lines = shown(
    ...update({ title: 'Move', steps: ['pack', 'drive'] }),
    ...update({ title: 'Move', steps: [{ title: 'pack', status: 'done', result: '12 boxes' }, 'drive'] }),
  );
  expect(lines).toEqual([
    'Move (0 of 2 done)',
    '[ ] 1. pack',
    '[ ] 2. drive',
    'Move (1 of 2 done)',
    '[x] 1. pack: 12 boxes',
  ]);
});

test('a plan that was not taken is a call that failed', () => {
  expect(shown(...update({ title: 'Move', steps: ['pack'] }, 'failed')).join()).toContain('no good');
});

test('nothing in a step can steer the terminal', () => {
  const [, step] = shown(...update({ title: 'Move', steps: ['\u001b[2Jpack'] }));
  expect(step).not.toContain('\u001b');
});
