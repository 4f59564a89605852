import { expect, test } from 'vitest';
import { readReply, runInstructions, statePath } from './run-prompt.ts';

test('a run that says it is well disturbs nobody', () => {
  expect(readReply('ROUTINE_OK')).toEqual({ status: 'ok', summary: '' });
  expect(readReply('**ROUTINE_OK** Nothing new.')).toEqual({ status: 'ok', summary: 'Nothing new.' });
  expect(readReply('')).toEqual({ status: 'ok', summary: '' });
});

test('anything else is told, also where it says both', () => {
  expect(readReply('Two mails need an answer.')).toEqual({
    status: 'attention',
    summary: 'Two mails need an answer.',
  });
  const long = `ROUTINE_OK, but the disk is nearly full: ${'x'.repeat(100)}`;
  expect(readReply(long).status).toBe('attention');
});

test('a run is told its name, its cause and where its notes are, whatever these hold', () => {
  const told = runInstructions({ name: 'Mail & $& more' }, { cause: 'due 09:00' });
  expect(told).toContain('"Mail & $& more" (due 09:00)');
  expect(told).toContain('routines/mail-more/state.md');
  expect(statePath('///')).toBe('routines/routine/state.md');
});
