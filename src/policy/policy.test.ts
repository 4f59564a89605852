import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Database } from '../storage/index.ts';
import { openMemoryDatabase } from '../storage/testing/memory-database.ts';
import type { Tool } from '../tools/index.ts';
import { createPolicy, scopeOf } from './index.ts';

let database: Database;
beforeAll(async () => {
  database = await openMemoryDatabase();
});
afterAll(() => database.close());
beforeEach(async () => {
  await database.query('delete from tool_grant');
});

const tool = (approval: Tool['approval'], more: Partial<Tool> = {}): Tool => ({
  name: 'probe',
  description: '',
  parameters: { type: 'object' },
  effect: 'idempotent',
  approval,
  timeoutMs: 1000,
  execute: async () => ({ ok: true, content: '' }),
  ...more,
});

const call = (probe: Tool) => ({ tool: probe, arguments: {}, conversationId: 'c', tainted: false });
const grant = (grantId: string, at = '2026-03-01T10:00:00.000Z') => ({
  grantId,
  tool: 'probe',
  scope: scopeOf('probe', {}),
  approvalId: 'a-1',
  at,
});

describe('a call is judged by what its tool asks for', () => {
  test('a harmless tool runs', async () => {
    expect(await createPolicy(database).judge(call(tool('never')))).toEqual({ verdict: 'allow' });
  });

  test('a tool that needs leave is asked about, with what it would do', async () => {
    const probe = tool('unless-granted', { summary: () => 'Write 5 bytes.' });
    const decision = await createPolicy(database).judge(call(probe));
    expect(decision).toEqual({ verdict: 'ask', reason: 'Write 5 bytes.', allowAlways: true });
  });

  test('a call that cannot succeed is refused before anybody is asked', async () => {
    const probe = tool('unless-granted', { refusal: async () => 'outside of what may be touched' });
    const decision = await createPolicy(database).judge(call(probe));
    expect(decision).toEqual({ verdict: 'refuse', reason: 'outside of what may be touched' });
  });
});

describe('an "always"', () => {
  test('is in force as soon as it is committed', async () => {
    const policy = createPolicy(database);
    expect(await policy.judge(call(tool('unless-granted')))).toMatchObject({ verdict: 'ask' });
    await database.commit([policy.grantStatement(grant('g-1'))]);
    expect(await policy.judge(call(tool('unless-granted')))).toEqual({ verdict: 'allow' });
  });

  test('never covers a tool that must be asked about each time', async () => {
    const policy = createPolicy(database);
    await database.commit([policy.grantStatement(grant('g-1'))]);
    expect(await policy.judge(call(tool('always')))).toMatchObject({ verdict: 'ask', allowAlways: false });
  });

  test('does not cover another tool', async () => {
    const policy = createPolicy(database);
    await database.commit([policy.grantStatement(grant('g-1'))]);
    expect(await policy.judge(call(tool('unless-granted', { name: 'other' })))).toMatchObject({
      verdict: 'ask',
    });
  });

  test('outlives a restart', async () => {
    await database.commit([createPolicy(database).grantStatement(grant('g-1'))]);
    expect(await createPolicy(database).judge(call(tool('unless-granted')))).toEqual({ verdict: 'allow' });
  });

  test('committed twice is one grant', async () => {
    const policy = createPolicy(database);
    for (const id of ['g-1', 'g-1', 'g-2']) await database.commit([policy.grantStatement(grant(id))]);
    expect(await policy.grants()).toEqual([
      { grantId: 'g-1', tool: 'probe', scope: 'any arguments', grantedAt: '2026-03-01T10:00:00.000Z' },
    ]);
  });

  test('ends when it is revoked, and can be given again', async () => {
    const policy = createPolicy(database);
    await database.commit([policy.grantStatement(grant('g-1'))]);
    await policy.judge(call(tool('unless-granted')));
    expect(await policy.revoke('g-1')).toBe(true);
    expect(await policy.revoke('g-1')).toBe(false);
    expect(await policy.judge(call(tool('unless-granted')))).toMatchObject({ verdict: 'ask' });
    expect(await policy.grants()).toEqual([]);
    await database.commit([policy.grantStatement(grant('g-2'))]);
    expect(await policy.judge(call(tool('unless-granted')))).toEqual({ verdict: 'allow' });
  });

  test('that was revoked while it was being looked up is not remembered', async () => {
    const policy = createPolicy(database);
    await database.commit([policy.grantStatement(grant('g-1'))]);
    await Promise.all([policy.judge(call(tool('unless-granted'))), policy.revoke('g-1')]);
    expect(await policy.judge(call(tool('unless-granted')))).toMatchObject({ verdict: 'ask' });
  });
});

test('revoking what was never granted does nothing', async () => {
  expect(await createPolicy(database).revoke('nobody')).toBe(false);
});
