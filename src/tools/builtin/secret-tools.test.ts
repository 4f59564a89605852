import { beforeEach, describe, expect, test } from 'vitest';
import { createAuditLog } from '../../audit/index.ts';
import type { SecretsDesk } from '../../core/secrets.ts';
import { createSecretsDesk, environmentSecrets } from '../../secrets/index.ts';
import { openVault } from '../../secrets/testing/stage.ts';
import { openMemoryDatabase } from '../../storage/testing/memory-database.ts';
import { temporaryFolder } from '../../storage/testing/temporary-folder.ts';
import type { Tool } from '../index.ts';
import { callTool } from '../testing.ts';
import { secretDeleteTool } from './secret-delete.ts';
import { secretListTool } from './secret-list.ts';

const VALUE = 'correct-horse-battery';
const clock = { now: () => Date.UTC(2030, 0, 1) };

let desk: SecretsDesk;
let tools: readonly Tool[];
beforeEach(async () => {
  const database = await openMemoryDatabase();
  const vault = openVault({ database, home: temporaryFolder(), clock });
  const audit = createAuditLog(database, clock);
  const environment = environmentSecrets({ IRONBARK_SECRET_GIVEN: VALUE });
  desk = createSecretsDesk({ vault, environment, database, clock, audit, actor: 'assistant' });
  tools = [secretListTool(desk), secretDeleteTool(desk)];
  return () => database.close();
});

const list = async () => (await callTool(tools, 'secret_list', {})).content;
const remove = (name: string) => callTool(tools, 'secret_delete', { name });

describe('secret_list', () => {
  test('tells names and circumstances, and no value', async () => {
    await desk.set({ name: 'github_token', value: VALUE, expiresAt: '2031-01-01T00:00:00Z' });
    expect(await list()).toBe(
      'github_token: set 2030-01-01, until 2031-01-01, never sent\ngiven: from the environment, never sent',
    );
  });
});

describe('secret_delete', () => {
  test('deletes for good what is in the vault', async () => {
    await desk.set({ name: 'github_token', value: VALUE });
    expect(await remove('GitHub_Token')).toMatchObject({ ok: true });
    expect(await list()).not.toContain('github_token');
    expect(await remove('github_token')).toMatchObject({
      ok: false,
      content: expect.stringContaining('secret_list'),
    });
  });

  test('asks nobody about what cannot be deleted', async () => {
    const [, tool] = tools;
    expect(tool?.approval).toBe('always');
    expect(await tool?.refusal?.({ name: 'given' })).toContain('environment variable');
    expect(await tool?.refusal?.({ name: 'nothing' })).toContain('no secret "nothing"');
    expect(await remove('given')).toMatchObject({ ok: false });
  });
});
