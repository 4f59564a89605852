import { describe, expect, test } from 'vitest';
import type { JournalEntry } from '../core/journal.ts';
import type { JsonObject } from '../core/json.ts';
import { changedSteps, PLAN_TOOL, type Plan, planOf, planText, readPlan } from './index.ts';

const at = '2026-01-01T00:00:00.000Z';
let seq = 0;

function update(args: JsonObject, outcome: 'succeeded' | 'failed' = 'succeeded'): readonly JournalEntry[] {
  const effectId = `e${++seq}`;
  const about = { turnId: 't', effectId, callId: `c${seq}`, tool: PLAN_TOOL, at };
  return [
    { ...about, seq, type: 'tool.requested', arguments: args },
    { ...about, seq: ++seq, type: 'tool.completed', outcome, content: '', durationMs: 0 },
  ];
}

const plan = (...statuses: readonly Plan['steps'][number]['status'][]): Plan => ({
  title: 'Move',
  status: 'executing',
  steps: statuses.map((status, place) => ({ title: `step ${place + 1}`, status })),
});

describe('the plan of a conversation', () => {
  test('is what was last written down with success', () => {
    const entries = [
      ...update({ title: 'Move', steps: ['pack'] }),
      ...update({ title: 'Move', steps: [{ title: 'pack', status: 'done' }] }),
      ...update({ title: 'Other', steps: ['x'] }, 'failed'),
    ];
    expect(planOf(entries)?.plan).toEqual({
      title: 'Move',
      status: 'executing',
      steps: [{ title: 'pack', status: 'done' }],
    });
  });

  test('is none where none was written', () => {
    expect(planOf([])).toBeUndefined();
    expect(planOf(update({ title: 'x' }))).toBeUndefined();
  });
});

describe('a plan', () => {
  test.each([
    ['words for steps', { steps: ['pack', 'drive'] }],
    ['JSON in a string', { steps: '[{"title": "pack"}, "drive"]' }],
    ['lines', { steps: 'pack\ndrive' }],
    [
      'other words for a status',
      { status: 'in_progress', steps: [{ title: 'pack', status: 'todo' }, 'drive'] },
    ],
    ['unknown words and null', { status: 7, steps: [{ title: 'pack', status: '?', result: null }, 'drive'] }],
  ])('is understood from %s', (_, args) => {
    expect(readPlan({ title: 'Move', ...args })).toEqual({
      title: 'Move',
      status: 'executing',
      steps: [
        { title: 'pack', status: 'pending' },
        { title: 'drive', status: 'pending' },
      ],
    });
  });

  test('is short, and no step can look like another', () => {
    const read = readPlan({
      title: 'x'.repeat(1000),
      steps: [
        { title: 'one\n[x] 2. two', status: 'completed', result: 'r'.repeat(5000) },
        ...Array(99).fill('s'),
      ],
    });
    expect(read?.title).toHaveLength(200);
    expect(read?.steps).toHaveLength(50);
    expect(read?.steps[0]).toMatchObject({ title: 'one [x] 2. two', status: 'done' });
    expect(read?.steps[0]?.result).toHaveLength(500);
  });

  test('reads as a checklist', () => {
    const { steps } = plan('done', 'active', 'failed', 'skipped', 'pending');
    expect(planText({ title: 'Move', status: 'executing', steps })).toBe(
      'Move (1 of 5 done)\n[x] 1. step 1\n[>] 2. step 2\n[!] 3. step 3\n[-] 4. step 4\n[ ] 5. step 5',
    );
  });
});

describe('what changed', () => {
  test('is everything of a new plan, and only the changed steps of a known one', () => {
    const before = plan('done', 'active', 'pending');
    const places = (now: Plan, known?: Plan) => changedSteps(known, now).map(({ at }) => at);
    expect(places(before)).toEqual([0, 1, 2]);
    expect(places(plan('done', 'done', 'active'), before)).toEqual([1, 2]);
    expect(places({ ...before, title: 'Other' }, before)).toEqual([0, 1, 2]);
    expect(places(before, before)).toEqual([]);
  });
});
