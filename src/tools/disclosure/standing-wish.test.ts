import { expect, test } from 'vitest';
import type { JournalEntry } from '../../core/journal.ts';
import { noRoutines } from '../../routines/testing/no-routines.ts';
import { routineTools } from '../builtin/routine-tools.ts';
import { toolSearchTool } from '../builtin/tool-search.ts';
import { createToolRegistry, offeredTools, type ToolRegistry } from '../index.ts';
import { mayStand } from './standing-wish.ts';

test.each([
  'Every weekday at eight, tell me what is on today.',
  'Remind me every morning to drink water',
  'Remind me tomorrow at 5 to call Bob',
  'every 15 minutes check the site',
  'Send me the news daily',
  'Whenever I mention an invoice, file it.',
  'On Fridays, list what is open.',
  'From now on, tell me when a job fails.',
  'Jeden Morgen um acht sag mir, was ansteht',
  'Erinnere mich morgen an den Zahnarzt',
  'Tous les matins, dis-moi la météo',
  'Recuérdame cada lunes la basura',
  'Ogni sera dimmi le notizie',
  '每天早上八点告诉我日程',
  '毎朝天気を教えて',
  'Напомни мне завтра',
  `${'a '.repeat(5_000)} every day, please`,
])('may ask for more than now: %s', (message) => {
  expect(mayStand(message)).toBe(true);
});

test.each([
  'hi',
  'What is on today?',
  'Read every file in notes and sum them up.',
  'Each of these has a price; which is the lowest?',
  'Write a poem about spring.',
  'Wie ist das Wetter heute?',
  'What did I do yesterday morning?',
  '',
])('asks for now: %s', (message) => {
  expect(mayStand(message)).toBe(false);
});

test('a model is told of routines then, and not otherwise', () => {
  const registry: ToolRegistry = createToolRegistry([
    ...routineTools(noRoutines()),
    toolSearchTool(() => registry),
  ]);
  const offered = (text: string, origin?: string): readonly string[] => {
    const messages = [{ inboxId: 'i', text, ...(origin !== undefined && { origin }) }];
    const at = '2026-01-01T00:00:00Z';
    const began: JournalEntry = { seq: 1, at, type: 'turn.began', turnId: 't', messages, route: 'task' };
    return offeredTools({ registry, entries: [began] }).map(({ name }) => name);
  };
  expect(offered('Say good morning at eight, daily.')).toContain('routine_create');
  expect(offered('Say good morning.')).not.toContain('routine_create');
  expect(offered('Say good morning at eight, daily.', 'Mallory')).not.toContain('routine_create');
});
