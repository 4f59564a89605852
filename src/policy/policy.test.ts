import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { GrantRequest } from '../core/assistant.ts';
import { err, ok } from '../core/result.ts';
import type { PermissionState } from '../core/tools.ts';
import type { Database } from '../storage/index.ts';
import { openMemoryDatabase } from '../storage/testing/memory-database.ts';
import type { Tool } from '../tools/index.ts';
import {
  createPolicy,
  fingerprintOf,
  type NewGrant,
  NO_RULES,
  type Policy,
  type PolicyRequest,
  type PolicyRules,
  type Rule,
} from './index.ts';
import { directedTool, probeTool } from './testing/probe-tool.ts';

const START = Date.parse('2026-03-01T10:00:00Z');
const DAY = 86_400_000;

let database: Database;
let now = START;
let installed: Tool | undefined;
beforeAll(async () => {
  database = await openMemoryDatabase();
});
afterAll(() => database.close());
beforeEach(async () => {
  await database.query('delete from tool_grant');
  now = START;
  installed = undefined;
});

const policyOver = (over: Database, rules: PolicyRules = NO_RULES): Policy =>
  createPolicy({ database: over, tools: () => installed, rules, clock: { now: () => now } });
const policyWith = (rules?: PolicyRules) => policyOver(database, rules);

const call = (tool: Tool, more: Partial<PolicyRequest> = {}): PolicyRequest => ({
  tool,
  arguments: {},
  conversationId: 'c-1',
  user: 'owner',
  origins: [],
  wish: [],
  done: [],
  unattended: false,
  planning: 'off',
  agent: undefined,
  ...more,
});

const OUTSIDE = { origins: ['the file notes.txt'] };

let given = 0;
const grant = (tool: Tool, more: Partial<NewGrant> = {}): NewGrant => ({
  grantId: `g-${++given}`,
  tool,
  arguments: {},
  conversationId: null,
  influenced: false,
  approvalId: 'a-1',
  at: '2026-03-01T10:00:00.000Z',
  ...more,
});

const give = (policy: Policy, tool: Tool, more: Partial<NewGrant> = {}) =>
  database.commit([policy.grantStatement(grant(tool, more))]);

const request = (more: Partial<GrantRequest> = {}): GrantRequest => ({
  tool: 'probe',
  targets: [],
  influenced: false,
  ...more,
});
const add = (policy: Policy, tool: Tool, more: Partial<GrantRequest> = {}) =>
  policy.addStatement({
    request: request(more),
    tool,
    grantId: `g-${++given}`,
    at: new Date(now).toISOString(),
  });

const writeFile = directedTool('path', 'path', { name: 'write_file' });
const sendEmail = directedTool('recipient', 'to', { name: 'send_email', powers: ['sends'] });

describe('a call is judged by what its tool can do and asks for', () => {
  test('one without consequences runs, whoever had a hand in it', async () => {
    const reading = probeTool({ approval: 'never', powers: ['reads-private'] });
    const decision = { verdict: 'allow', because: 'harmless' };
    expect(await policyWith().judge(call(reading))).toEqual(decision);
    expect(await policyWith().judge(call(reading, OUTSIDE))).toEqual(decision);
  });

  test('one with consequences runs where its tool does not ask, unless words from outside had a hand in it', async () => {
    const free = probeTool({ approval: 'never' });
    expect(await policyWith().judge(call(free))).toEqual({ verdict: 'allow', because: 'harmless' });
    expect(await policyWith().judge(call(free, OUTSIDE))).toMatchObject({ verdict: 'ask', ...OUTSIDE });
  });

  test('what this very call can do counts, not what the tool could', async () => {
    const http = probeTool({ approval: 'never', powers: ['sends'], powersOf: () => [] });
    expect(await policyWith().judge(call(http, OUTSIDE))).toMatchObject({ verdict: 'allow' });
  });

  test('the question says what the call would do, what "always" would cover, and of which call it is', async () => {
    const tool = { ...writeFile, summary: () => 'Write 5 bytes.' };
    const args = { path: '/srv/notes/a.txt', content: 'hello' };
    expect(await policyWith().judge(call(tool, { arguments: args, ...OUTSIDE }))).toEqual({
      verdict: 'ask',
      reason: 'Write 5 bytes.',
      allowAlways: true,
      scope: 'files in /srv/notes',
      fingerprint: fingerprintOf(tool, args),
      origins: ['the file notes.txt'],
    });
  });

  test('a call that cannot succeed is refused before anybody is asked', async () => {
    const probe = probeTool({ refusal: async () => 'outside of what may be touched' });
    const refusal = { verdict: 'refuse', rule: 'impossible', reason: 'outside of what may be touched' };
    expect(await policyWith().judge(call(probe))).toEqual(refusal);
  });

  test('what the user has to provide is asked for first, whatever was granted', async () => {
    const policy = policyWith();
    const probe = probeTool({ lacks: async () => 'Set the secret first.', refusal: async () => 'no' });
    await give(policy, probe);
    const question = {
      verdict: 'ask',
      reason: 'Set the secret first.',
      allowAlways: false,
      scope: undefined,
    };
    expect(await policy.judge(call(probe))).toMatchObject(question);
  });

  test('a tool that must be asked about each time is, whatever was granted or wished', async () => {
    const policy = policyWith();
    const tool = directedTool('path', 'path', { name: 'delete_file', approval: 'always' });
    const args = { path: 'a.txt' };
    await give(policy, tool, { arguments: args, influenced: true });
    const wish = ['delete a.txt'];
    for (const more of [{}, OUTSIDE, { ...OUTSIDE, wish }])
      expect(await policy.judge(call(tool, { arguments: args, ...more }))).toMatchObject({
        verdict: 'ask',
        allowAlways: false,
      });
  });
});

describe('where nobody is there to be asked', () => {
  const unattended = true;

  test('what would be asked about is refused, with the command that allows it beforehand', async () => {
    const args = { path: "/srv/Bob's notes/a.txt" };
    const decision = await policyWith().judge(call(writeFile, { arguments: args, unattended, ...OUTSIDE }));
    expect(decision).toMatchObject({ verdict: 'refuse', rule: 'unattended' });
    expect(decision).toHaveProperty(
      'reason',
      expect.stringContaining(
        "ironbark grants add write_file --to '/srv/Bob'\\''s notes' --even-if-influenced",
      ),
    );
  });

  test('no command is given that would do something else in a shell, or allow more than the call', async () => {
    for (const to of ['a\nb', '', `x${'y'.repeat(400)}`]) {
      const decision = await policyWith().judge(call(sendEmail, { arguments: { to }, unattended }));
      const reason = decision.verdict === 'refuse' ? decision.reason : '';
      expect(reason).toMatch(to === '' ? /add send_email --to ''$/ : /see ironbark grants add --help$/);
    }
  });

  test('what needs no question runs; what cannot be granted says so', async () => {
    const policy = policyWith();
    expect(await policy.judge(call(probeTool({ approval: 'never' }), { unattended }))).toMatchObject({
      verdict: 'allow',
    });
    for (const tool of [probeTool({ approval: 'always' }), probeTool({ lacks: async () => 'A key.' })])
      expect(await policy.judge(call(tool, { unattended }))).toMatchObject({
        rule: 'unattended',
        reason: expect.stringContaining('cannot be allowed beforehand'),
      });
  });
});

describe("the user's own words of the turn", () => {
  const args = { to: 'bob@example.org', body: 'x' };
  const tool = { ...sendEmail, content: ['body'] };
  const wish = ['Read the page and email it to bob@example.org'];

  test('let an influenced call run that would be free without the influence', async () => {
    const free = { ...tool, approval: 'never' as const };
    expect(await policyWith().judge(call(free, { arguments: args, wish, ...OUTSIDE }))).toEqual({
      verdict: 'allow',
      because: 'wished',
    });
    expect(await policyWith().judge(call(free, { arguments: args, ...OUTSIDE }))).toMatchObject({
      verdict: 'ask',
    });
  });

  test('do not take the place of a grant that is needed anyway', async () => {
    const policy = policyWith();
    const influenced = call(tool, { arguments: args, wish, ...OUTSIDE });
    expect(await policy.judge(influenced)).toMatchObject({ verdict: 'ask' });
    await give(policy, tool, { arguments: args });
    expect(await policy.judge(influenced)).toEqual({ verdict: 'allow', because: 'wished' });
    expect(await policy.judge({ ...influenced, wish: [] })).toMatchObject({ verdict: 'ask' });
  });

  test('ask for one call, not for two', async () => {
    const free = { ...tool, approval: 'never' as const };
    const done = [{ tool: 'send_email', arguments: { ...args, body: 'first' } }];
    expect(await policyWith().judge(call(free, { arguments: args, wish, done, ...OUTSIDE }))).toMatchObject({
      verdict: 'ask',
    });
  });
});

describe('an "always"', () => {
  test('is in force as soon as it is committed', async () => {
    const policy = policyWith();
    expect(await policy.judge(call(probeTool()))).toMatchObject({ verdict: 'ask', scope: 'any arguments' });
    await give(policy, probeTool());
    expect(await policy.judge(call(probeTool()))).toEqual({ verdict: 'allow', because: 'granted' });
  });

  test('does not cover another tool', async () => {
    const policy = policyWith();
    await give(policy, probeTool());
    expect(await policy.judge(call(probeTool({ name: 'other' })))).toMatchObject({ verdict: 'ask' });
  });

  test('outlives a restart', async () => {
    await give(policyWith(), probeTool());
    expect(await policyWith().judge(call(probeTool()))).toMatchObject({ verdict: 'allow' });
  });

  test('committed twice is one grant', async () => {
    const policy = policyWith();
    installed = probeTool();
    const one = grant(installed);
    for (const again of [one, one, { ...one, grantId: 'g-else' }])
      await database.commit([policy.grantStatement(again)]);
    expect(await policy.grants()).toEqual([
      {
        grantId: one.grantId,
        tool: 'probe',
        scope: 'any arguments',
        grantedAt: '2026-03-01T10:00:00.000Z',
        expiresAt: null,
        conversationId: null,
        influenced: false,
        outdated: false,
      },
    ]);
  });

  test('ends when it is revoked, and can be given again, but not by repeating the former', async () => {
    const policy = policyWith();
    const one = grant(probeTool());
    await database.commit([policy.grantStatement(one)]);
    await policy.judge(call(probeTool()));
    expect(await policy.revoke(one.grantId)).toBe(true);
    expect(await policy.revoke(one.grantId)).toBe(false);
    await database.commit([policy.grantStatement(one)]);
    expect(await policy.judge(call(probeTool()))).toMatchObject({ verdict: 'ask' });
    expect(await policy.grants()).toEqual([]);
    await give(policy, probeTool());
    expect(await policy.judge(call(probeTool()))).toMatchObject({ verdict: 'allow' });
  });

  test('that was revoked while it was being looked up is not remembered', async () => {
    const policy = policyWith();
    const one = grant(probeTool());
    await database.commit([policy.grantStatement(one)]);
    await Promise.all([policy.judge(call(probeTool())), policy.revoke(one.grantId)]);
    expect(await policy.judge(call(probeTool()))).toMatchObject({ verdict: 'ask' });
  });

  test('is looked up once and then known', async () => {
    let queries = 0;
    const counting: Database = {
      ...database,
      query(sql, params) {
        queries++;
        return database.query(sql, params);
      },
    };
    const policy = policyOver(counting);
    await give(policy, probeTool());
    for (let time = 0; time < 5; time++) await policy.judge(call(probeTool()));
    // One for the grant, one for what the user decided about whole tools.
    expect(queries).toBe(2);
  });

  test('may be far longer than an index takes', async () => {
    const policy = policyWith();
    const args = { to: Array.from({ length: 2_000 }, (_, n) => `person-${n}@example.org`) };
    await give(policy, sendEmail, { arguments: args });
    expect(await policy.judge(call(sendEmail, { arguments: args }))).toMatchObject({ verdict: 'allow' });
  });

  test('for a conversation counts in that one alone', async () => {
    const policy = policyWith();
    await give(policy, probeTool(), { conversationId: 'c-1' });
    expect(await policy.judge(call(probeTool()))).toMatchObject({ verdict: 'allow' });
    expect(await policy.judge(call(probeTool(), { conversationId: 'c-2' }))).toMatchObject({
      verdict: 'ask',
    });
  });
});

describe('a grant covers what it says', () => {
  const verdict = async (policy: Policy, tool: Tool, args: PolicyRequest['arguments'], more = {}) =>
    (await policy.judge(call(tool, { arguments: args, ...more }))).verdict;

  test('of a file: its folder and all beneath, nothing beside', async () => {
    const policy = policyWith();
    await give(policy, writeFile, { arguments: { path: '/srv/notes/a.txt' } });
    expect(await verdict(policy, writeFile, { path: '/srv/notes/deep/b.txt' })).toBe('allow');
    expect(await verdict(policy, writeFile, { path: ['/srv/notes/b', '/srv/notes/c'] })).toBe('allow');
    for (const path of ['/srv/notes-2/b.txt', '/srv/notes/../keys', '/srv', ['/srv/notes/b', '/etc/c'], []])
      expect(await verdict(policy, writeFile, { path })).toBe('ask');
  });

  test.each([
    ['/a.txt', 'the file /a.txt', '/b.txt'],
    ['/srv/a.txt', 'files in /srv', '/b.txt'],
  ])('of %s: %s', async (path, scope, other) => {
    const policy = policyWith();
    expect(await policy.judge(call(writeFile, { arguments: { path } }))).toMatchObject({ scope });
    await give(policy, writeFile, { arguments: { path } });
    expect(await verdict(policy, writeFile, { path })).toBe('allow');
    expect(await verdict(policy, writeFile, { path: other })).toBe('ask');
  });

  test.each([
    ['recipient', 'messages to bob@example.org', 'BOB@example.org', 'allow'],
    ['host', 'requests to bob@example.org', 'Bob@Example.org', 'allow'],
    ['command', 'the command bob@example.org', 'BOB@example.org', 'ask'],
    ['document', 'the document bob@example.org', 'bob@example.org/x', 'ask'],
  ] as const)('of a %s: that very one', async (kind, scope, like, expected) => {
    const policy = policyWith();
    const tool = directedTool(kind, 'to');
    const args = { to: 'bob@example.org' };
    expect(await policy.judge(call(tool, { arguments: args }))).toMatchObject({ scope });
    await give(policy, tool, { arguments: args });
    expect(await verdict(policy, tool, args)).toBe('allow');
    expect(await verdict(policy, tool, { to: like })).toBe(expected);
    expect(await verdict(policy, tool, { to: 'eve@example.org' })).toBe('ask');
  });

  test('given after words from outside without any target: exactly these arguments', async () => {
    const policy = policyWith();
    const asked = call(probeTool(), { arguments: { a: 1, b: 2 }, ...OUTSIDE });
    expect(await policy.judge(asked)).toMatchObject({ scope: 'exactly these arguments' });
    await give(policy, probeTool(), { arguments: { a: 1, b: 2 }, influenced: true });
    await give(policy, probeTool(), { arguments: { a: 2, b: 2 }, influenced: true });
    expect(await verdict(policy, probeTool(), { b: 2, a: 1 }, OUTSIDE)).toBe('allow');
    expect(await verdict(policy, probeTool(), { a: 2, b: 2 }, OUTSIDE)).toBe('allow');
    expect(await verdict(policy, probeTool(), { a: 3, b: 2 }, OUTSIDE)).toBe('ask');
  });

  test('where nothing from outside was shown, nothing under such influence; the other way round, both', async () => {
    const policy = policyWith();
    await give(policy, sendEmail, { arguments: { to: 'al' } });
    await give(policy, sendEmail, { arguments: { to: 'bob' }, influenced: true });
    expect(await verdict(policy, sendEmail, { to: 'al' })).toBe('allow');
    expect(await verdict(policy, sendEmail, { to: 'al' }, OUTSIDE)).toBe('ask');
    expect(await verdict(policy, sendEmail, { to: 'bob' })).toBe('allow');
    expect(await verdict(policy, sendEmail, { to: 'bob' }, OUTSIDE)).toBe('allow');
    expect(await verdict(policy, sendEmail, { to: ['al', 'bob'] }, OUTSIDE)).toBe('ask');
  });
});

describe('what the user decided about a whole tool', () => {
  beforeEach(() => database.query('delete from setting'));

  const decide = async (tool: Tool, state: PermissionState | 'default', rules: PolicyRules = NO_RULES) => {
    const policy = policyWith(rules);
    const change = await policy.permissions.plan(tool, state);
    await policy.setRule(tool.name, change.rule);
    for (const grantId of change.revoke) await policy.revoke(grantId);
    return change;
  };
  /** As a new process would. */
  const verdict = async (tool: Tool) => (await policyWith().judge(call(tool))).verdict;
  const stateOf = async (tool: Tool) => (await policyWith().permissions.of([tool]))[0];

  test('counts after a restart: off is refused, asked each time is asked although it was granted', async () => {
    const tool = probeTool({ approval: 'unless-granted' });
    await give(policyWith(), tool);
    expect(await verdict(tool)).toBe('allow');
    await decide(tool, 'disabled');
    expect(await policyWith().judge(call(tool))).toMatchObject({
      verdict: 'refuse',
      reason: expect.stringContaining('the user turned it off'),
    });
    await decide(tool, 'ask_each_time');
    expect(await verdict(tool)).toBe('ask');
    expect(await stateOf(tool)).toMatchObject({ state: 'ask_each_time', declared: 'ask', locked: null });
  });

  test('is over when the default is back', async () => {
    const tool = probeTool({ approval: 'never' });
    await decide(tool, 'ask');
    expect(await verdict(tool)).toBe('ask');
    await decide(tool, 'default');
    expect(await verdict(tool)).toBe('allow');
    expect(await stateOf(tool)).toMatchObject({ state: 'always_allow' });
  });

  test('to allow it always is to grant it as a whole, and to ask is to take that back', async () => {
    const tool = probeTool({ approval: 'unless-granted' });
    installed = tool;
    expect(await decide(tool, 'always_allow')).toEqual({ rule: undefined, grant: true, revoke: [] });
    const request: GrantRequest = { tool: tool.name, targets: [], influenced: false };
    const at = new Date(START).toISOString();
    await database.commit([policyWith().addStatement({ request, tool, grantId: 'whole', at })]);
    expect(await stateOf(tool)).toMatchObject({ state: 'always_allow' });
    expect(await decide(tool, 'ask')).toEqual({ rule: undefined, grant: false, revoke: ['whole'] });
    expect(await verdict(tool)).toBe('ask');
  });

  test('cannot make a tool freer than it declares itself', async () => {
    const tool = probeTool({ approval: 'always' });
    await expect(decide(tool, 'always_allow')).rejects.toThrow('must be asked about');
    await expect(decide(tool, 'ask')).rejects.toMatchObject({ hint: 'It can be: ask_each_time, disabled.' });
  });

  test('is not asked where the administrator decided', async () => {
    const tool = probeTool({ approval: 'never' });
    const rules: PolicyRules = {
      current: async () =>
        ok({ forbidden: [{ tool: 'pro*', where: 'policy.toml, line 2' }], users: new Map(), rules: [] }),
    };
    await expect(decide(tool, 'always_allow', rules)).rejects.toThrow('policy.toml, line 2');
    expect((await policyWith(rules).permissions.of([tool]))[0]).toMatchObject({
      state: 'disabled',
      states: [],
      locked: expect.stringContaining('policy.toml, line 2'),
    });
  });
});

describe('a grant ends with the tool it was given to', () => {
  const before = probeTool({ parameters: { type: 'object', properties: { title: { type: 'string' } } } });

  test.each<[string, Partial<Tool>]>([
    ['another version', { version: '2' }],
    ['another power', { powers: ['changes', 'sends'] }],
    ['another effect', { effect: 'pure' }],
    ['another argument', { parameters: { type: 'object', properties: { name: { type: 'string' } } } }],
    ['another type', { parameters: { type: 'object', properties: { title: { type: 'number' } } } }],
    ['no title', { parameters: { type: 'object', properties: {} } }],
  ])('%s', async (_, change) => {
    const policy = policyWith();
    installed = { ...before, ...change };
    await give(policy, before);
    expect(await policy.judge(call(installed))).toMatchObject({
      verdict: 'ask',
      reason: 'Run the tool probe. You allowed this before, but the tool has changed since then.',
    });
    expect(await policy.grants()).toMatchObject([{ outdated: true }]);
    await give(policy, installed);
    expect(await policy.judge(call(installed))).toMatchObject({ verdict: 'allow' });
    expect(await policy.grants()).toMatchObject([{ outdated: true }, { outdated: false }]);
  });

  test('other words for the same are no change', async () => {
    const policy = policyWith();
    await give(policy, before);
    const properties = { title: { description: 'new', default: 'x', type: 'string' } };
    const reworded = {
      ...before,
      description: 'New.',
      parameters: { properties, type: 'object', title: 'T' },
    };
    expect(await policy.judge(call(reworded))).toMatchObject({ verdict: 'allow' });
  });

  test('the question does not speak of a change that concerned other calls', async () => {
    const policy = policyWith();
    await give(policy, writeFile, { arguments: { path: '/srv/a/x' } });
    const changed = { ...writeFile, version: '2' };
    const question = await policy.judge(call(changed, { arguments: { path: '/srv/b/x' } }));
    expect(question).toMatchObject({ reason: 'Run the tool write_file.' });
  });

  test('a tool that is gone, and a grant from before grants were bound to anything', async () => {
    const policy = policyWith();
    await give(policy, before);
    await database.query(
      `insert into tool_grant (id, tool, scope, key, approval_id, granted_at)
       values ('old', 'probe', 'any arguments', 'old', 'a', '2026-01-01')`,
    );
    installed = undefined;
    expect((await policy.grants()).map(({ outdated }) => outdated)).toEqual([true, true]);
    expect(await policy.judge(call({ ...before, version: '2' }))).toMatchObject({ verdict: 'ask' });
  });
});

describe('what is granted beforehand', () => {
  const until = new Date(START + DAY).toISOString();

  test('covers its targets until it ends, even where it is known already', async () => {
    const policy = policyWith();
    installed = writeFile;
    await database.commit([add(policy, writeFile, { targets: ['/srv/notes'], expiresAt: until })]);
    const within = call(writeFile, { arguments: { path: '/srv/notes/a' } });
    expect(await policy.judge(within)).toMatchObject({ verdict: 'allow' });
    expect(await policy.judge({ ...within, ...OUTSIDE })).toMatchObject({ verdict: 'ask' });
    expect(await policy.grants()).toMatchObject([
      { scope: 'only /srv/notes', expiresAt: until, outdated: false },
    ]);
    const [{ grantId } = { grantId: '' }] = await policy.grants();
    now = START + DAY;
    expect(await policy.judge(within)).toMatchObject({ verdict: 'ask' });
    expect(await policy.grants()).toEqual([]);
    expect(await policy.revoke(grantId)).toBe(false);
  });

  test('can be given again when it has ended, and for longer', async () => {
    const policy = policyWith();
    await database.commit([add(policy, writeFile, { expiresAt: until })]);
    now = START + DAY;
    await database.commit([add(policy, writeFile, { expiresAt: new Date(now + DAY).toISOString() })]);
    expect(await policy.judge(call(writeFile))).toMatchObject({ verdict: 'allow' });
  });

  test('covers influenced calls where it was said so', async () => {
    const policy = policyWith();
    await database.commit([add(policy, writeFile, { targets: ['/srv/notes'], influenced: true })]);
    const within = call(writeFile, { arguments: { path: '/srv/notes/a' }, unattended: true });
    expect(await policy.judge({ ...within, ...OUTSIDE })).toEqual({ verdict: 'allow', because: 'granted' });
    expect(await policy.judge(within)).toMatchObject({ verdict: 'allow' });
  });

  test('twice the same commits, and is since the second time', async () => {
    const policy = policyWith();
    await database.commit([add(policy, writeFile)]);
    now = START + DAY;
    expect(await database.commit([add(policy, writeFile)])).toMatchObject({ committed: true });
    expect(await policy.grants()).toMatchObject([{ grantedAt: '2026-03-02T10:00:00.000Z' }]);
  });

  test.each<[Partial<Tool>, Partial<GrantRequest>, string]>([
    [{ approval: 'always' }, {}, 'is asked about each time'],
    [{}, { targets: ['x'] }, 'can only be granted as a whole'],
    [{}, { expiresAt: '2026-03-01T09:59:59Z' }, 'would be over'],
    [{}, { expiresAt: 'soon' }, '"soon" is not a date'],
  ])('%o %o: %s', (tool, more, message) => {
    expect(() => add(policyWith(), probeTool(tool), more)).toThrow(message);
  });
});

describe("the administrator's rules", () => {
  const rule = (more: Partial<Rule>): Rule => ({
    tool: '*',
    targets: new Map(),
    arguments: new Map(),
    approval: 'never',
    evenIfInfluenced: false,
    where: 'policy.toml, line 1',
    ...more,
  });
  const rulesOf = (...rules: Rule[]): PolicyRules => ({
    current: async () => ok({ forbidden: [], users: new Map(), rules }),
  });
  const judge = (rules: Rule[], tool: Tool, more: Partial<PolicyRequest> = {}) =>
    policyWith(rulesOf(...rules)).judge(call(tool, more));

  test('nothing runs while they cannot be read, and the refusal says where and what to do', async () => {
    const trouble = { file: '/p/policy.toml', line: 3, message: 'unknown key "x"', hint: 'Remove it.' };
    const policy = policyWith({ current: async () => err(trouble) });
    const harmless = probeTool({ approval: 'never', powers: [] });
    expect(await policy.judge(call(harmless))).toMatchObject({
      verdict: 'refuse',
      rule: 'policy-unreadable',
      reason: expect.stringContaining('/p/policy.toml, line 3: unknown key "x". Remove it.'),
    });
  });

  test('forbid tools to everybody or to one user, whatever was granted', async () => {
    const where = 'policy.toml, line 2';
    const users = new Map([['guest', [{ tool: 'probe', where }]]]);
    const policy = policyWith({
      current: async () => ok({ forbidden: [{ tool: 'shell*', where }], users, rules: [] }),
    });
    await give(policy, probeTool());
    expect(await policy.judge(call(probeTool()))).toMatchObject({ verdict: 'allow' });
    const refusal = { verdict: 'refuse', rule: 'forbidden' };
    expect(await policy.judge(call(probeTool(), { user: 'guest' }))).toMatchObject(refusal);
    expect(await policy.judge(call(probeTool({ name: 'shell_2', approval: 'never' })))).toMatchObject({
      ...refusal,
      reason: expect.stringContaining('"shell*" in policy.toml, line 2'),
    });
  });

  test('decide in the place of the tool: the first that fits', async () => {
    const never = rule({ tool: 'probe' });
    const always = rule({ approval: 'always' });
    expect(await judge([never, always], probeTool())).toEqual({ verdict: 'allow', because: 'rule' });
    expect(await judge([always, never], probeTool())).toMatchObject({ verdict: 'ask', allowAlways: false });
    expect(await judge([rule({ approval: 'forbidden' })], probeTool())).toMatchObject({ rule: 'forbidden' });
    const asking = probeTool({ approval: 'never', powers: [] });
    expect(await judge([rule({ approval: 'unless-granted' })], asking)).toMatchObject({ verdict: 'ask' });
  });

  test('loosen nothing under the influence of words from outside, unless they say so', async () => {
    expect(await judge([rule({})], probeTool(), OUTSIDE)).toMatchObject({ verdict: 'ask' });
    expect(await judge([rule({ evenIfInfluenced: true })], probeTool(), OUTSIDE)).toEqual({
      verdict: 'allow',
      because: 'rule',
    });
  });

  test('fit by what the call is directed at: to loosen all of it, to tighten some of it', async () => {
    const path = (approval: Rule['approval']) =>
      rule({ approval, targets: new Map([['path', '/srv/notes/**']] as const) });
    const both = { arguments: { path: ['/srv/notes/a', '/etc/b'] } };
    const inside = { arguments: { path: '/srv/notes/deep/a' } };
    const outside = { arguments: { path: '/etc/b' } };
    const verdicts = async (approval: Rule['approval']) =>
      Promise.all(
        [inside, both, outside].map(async (more) => (await judge([path(approval)], writeFile, more)).verdict),
      );
    expect(await verdicts('never')).toEqual(['allow', 'ask', 'ask']);
    expect(await verdicts('forbidden')).toEqual(['refuse', 'refuse', 'ask']);
    expect(await judge([path('never')], probeTool(), inside)).toMatchObject({ verdict: 'ask' });
  });

  test('fit by arguments, whatever their type; what is too long to compare counts as what is safer', async () => {
    const force = (approval: Rule['approval'], pattern: string) =>
      rule({ approval, arguments: new Map([['force', pattern]]) });
    const args = { arguments: { force: true } };
    expect(await judge([force('forbidden', 'true')], probeTool(), args)).toMatchObject({ rule: 'forbidden' });
    expect(await judge([force('forbidden', 'true')], probeTool())).toMatchObject({ verdict: 'ask' });
    const long = { arguments: { force: 'a'.repeat(100_000) } };
    expect(await judge([force('forbidden', 'b*')], probeTool(), long)).toMatchObject({ verdict: 'refuse' });
    expect(await judge([force('never', 'a*')], probeTool(), long)).toMatchObject({ verdict: 'ask' });
  });
});

test('revoking what was never granted does nothing', async () => {
  expect(await policyWith().revoke('nobody')).toBe(false);
});
