import { tmpdir } from 'node:os';
import { encode } from 'gpt-tokenizer';
import { expect, test } from 'vitest';
import type { Grant } from '../../core/assistant.ts';
import type { SecretsDesk } from '../../core/secrets.ts';
import { createFileScope, createToolRegistry, type ToolInstaller, type ToolRegistry } from '../index.ts';
import { rareTools } from './rare-tools.ts';

const clock = { now: () => 0 };
const files = createFileScope({ root: tmpdir() });
const unused = async (): Promise<never> => {
  throw new Error('nothing is called here');
};
const secrets: SecretsDesk = { list: unused, set: unused, delete: unused, rotate: unused };
const installer: ToolInstaller = { read: unused, install: unused, remove: unused, needs: unused };
const permissions = () => ({
  grants: async (): Promise<readonly Grant[]> => [],
  addStatement: () => ({ sql: '' }),
  revoke: async () => false,
});

const tools: ToolRegistry = createToolRegistry(
  rareTools({ registry: () => tools, permissions, secrets, installer, askModel: unused }, { clock, files }),
);

test('there are these, and each asks as often as it should', () => {
  expect(tools.list().map(({ name, approval, powers }) => `${name}: ${approval}, ${powers}`)).toEqual([
    'image_analyze: never, reads-private',
    'secret_delete: always, changes',
    'secret_list: never, reads-private',
    'structured_result: never, ',
    'tool_auth: never, reads-private',
    'tool_info: never, ',
    'tool_install: always, changes',
    'tool_list: never, ',
    'tool_permission_set: always, changes',
    'tool_remove: always, changes',
    'tool_search: never, ',
  ]);
});

test('there are none without what they work on', () => {
  expect(rareTools({}, { clock, files })).toEqual([]);
});

test('none costs a model more than 130 tokens, and every provider takes their schemas', () => {
  for (const description of tools.descriptions()) {
    expect(encode(JSON.stringify(description)).length).toBeLessThanOrEqual(130);
    for (const property of Object.values(description.parameters.properties ?? {}))
      expect(property).toHaveProperty('type');
  }
});
