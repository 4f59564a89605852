import { expect, test } from 'vitest';
import { COMMANDS } from '../../../actors/commands/table.ts';
import { SLASH_COMMANDS } from './slash-commands.ts';

test('the composer completes every command that the assistant knows, and no other', () => {
  expect(SLASH_COMMANDS.map(({ name }) => name)).toEqual(COMMANDS.map(({ name }) => name));
});
