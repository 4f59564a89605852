import { describe, expect, test } from 'vitest';
import { SANDBOX_CALLS } from '../../actors/names.ts';
import { until } from '../../actors/testing/bench.ts';
import type { Refusal } from '../../machines/refusal.ts';
import type { JsonObject } from '../../src/core/json.ts';
import { createLeakDetector } from '../../src/safety/index.ts';
import { testContext } from '../../src/tools/testing.ts';
import type { CallRequest } from './call-desk.ts';
import type { SandboxedTool } from './sandboxed-tool.ts';
import { DEFAULT_CALL_LIMITS, type SandboxServices } from './services.ts';
import {
  artefactOf,
  BEARER,
  FRIEND,
  HTTP,
  KEY,
  openStage,
  page,
  type Script,
  type Stage,
  SUCCESS,
  says,
  secretsOf,
  toolWith,
} from './testing/stage.ts';

const URL = 'https://api.example.com/v1/items';

/** Tries everything that has an effect outside. */
const BUSY: Script = async (ask) => {
  await ask('http-request', 'GET', URL, '{}', undefined, undefined);
  await ask('tool-invoke', 'friend', '{}');
  return SUCCESS;
};

const nothingHappened = ({ guests, sent, invoked, read }: Stage): void =>
  expect({ guests, sent, invoked, read }).toEqual({ guests: [], sent: [], invoked: [], read: [] });

describe('a call that is refused before it runs has no effect outside', () => {
  interface Case {
    readonly state: string;
    readonly rule: string;
    readonly tool?: Partial<SandboxedTool>;
    readonly request?: Partial<CallRequest>;
    readonly services?: Partial<SandboxServices>;
    readonly message: RegExp;
  }
  const cases: readonly Case[] = [
    {
      state: 'validating',
      rule: 'params',
      tool: { parameters: { type: 'object', required: ['q'], properties: { q: { type: 'string' } } } },
      message: /^probe was not run: .*q.*Correct the arguments\.$/,
    },
    {
      state: 'validating',
      rule: 'params-too-large',
      request: { params: { q: 'x'.repeat(200) } },
      services: { limits: { ...DEFAULT_CALL_LIMITS, paramsBytes: 100 } },
      message: /100 bytes/,
    },
    {
      state: 'allowlist',
      rule: 'recursion',
      request: { caller: testContext({ callers: ['other', 'probe'] }) },
      message: /may not call itself/,
    },
    {
      state: 'allowlist',
      rule: 'not-a-tool',
      tool: { artefact: artefactOf('channel@0.3.1') },
      message: /is a channel/,
    },
    { state: 'allowlist', rule: 'not-a-channel', request: { callback: 'on-poll' }, message: /is a tool/ },
    {
      state: 'rate',
      rule: 'call-rate',
      services: { limits: { ...DEFAULT_CALL_LIMITS, calls: { perMinute: 0, perHour: 0 } } },
      message: /^Too many requests/,
    },
    {
      state: 'scanningRequest',
      rule: 'leak-in-params',
      request: { params: { note: `my key is ${KEY}` } },
      message: /the arguments seemed to hold a secret: openai/,
    },
    {
      state: 'injectingCredentials',
      rule: 'secret-missing',
      services: { secrets: secretsOf({}) },
      message: /"token" is not set\. .*IRONBARK_SECRET_TOKEN/,
    },
  ];

  test.each(cases)('$state: $rule', async ({ rule, tool, request, services, message }) => {
    const stage = await openStage({ script: BUSY, ...services });
    const outcome = await stage.call(toolWith({ http: BEARER, ...FRIEND }, tool), request);
    expect(outcome.end).toEqual({
      kind: 'refused',
      refusal: { rule, message: expect.stringMatching(message) },
    });
    nothingHappened(stage);
    expect(outcome).toMatchObject({ content: '', writes: [], fuelUsed: 0, tainted: false });
    expect(outcome.audit).toEqual([
      expect.objectContaining({
        kind: 'tool.refused',
        tool: 'probe',
        rule,
        conversationId: 'conversation-1',
        effectId: 'effect-1',
      }),
    ]);
    expect(JSON.stringify(outcome)).not.toContain(KEY);
    expect(stage.defects).toEqual([]);
  });

  test('the same call without any of that passes every check, and has its effects once', async () => {
    const stage = await openStage({ script: BUSY });
    const outcome = await stage.call(toolWith({ http: BEARER, ...FRIEND }));
    expect(outcome.end).toEqual({ kind: 'returned' });
    expect([stage.guests.length, stage.sent.length, stage.invoked.length]).toEqual([1, 1, 1]);
    expect(outcome.audit.map(({ kind }) => kind)).toEqual(['http.answered', 'tool.returned']);
    expect(outcome).toMatchObject({ content: 'done', tainted: true, fuelUsed: 7, memoryBytes: 65_536 });
  });

  test('a secret that a tool can do without holds nobody up', async () => {
    const credentials = BEARER.credentials.map((one) => ({ ...one, optional: true }));
    const stage = await openStage({ script: BUSY, secrets: secretsOf({}) });
    const { end } = await stage.call(toolWith({ http: { ...BEARER, credentials } }));
    expect(end).toEqual({ kind: 'returned' });
    expect(stage.sent[0]?.headers).toEqual([]);
  });

  test('the rate counts calls of one tool, and a refused one does not use it up', async () => {
    const limits = { ...DEFAULT_CALL_LIMITS, calls: { perMinute: 2, perHour: 100 } };
    const stage = await openStage({ limits });
    const kinds: string[] = [];
    for (const name of ['a', 'a', 'a', 'b']) kinds.push((await stage.call(toolWith({}, { name }))).end.kind);
    expect(kinds).toEqual(['returned', 'returned', 'refused', 'returned']);
  });
});

describe('what a guest returns', () => {
  test('is refused where it holds a key', async () => {
    const stage = await openStage({ script: async () => says(`here: ${KEY}`) });
    const outcome = await stage.call(toolWith());
    expect(outcome.end).toMatchObject({ kind: 'refused', refusal: { rule: 'leak-in-result' } });
    expect(JSON.stringify(outcome)).not.toContain(KEY);
    expect(outcome.content).toBe('');
  });

  test('is passed on without what may not be seen of it', async () => {
    const url = 'https://me:hunter2-hunter2@host.example/x';
    const stage = await openStage({ script: async () => says(`see ${url}`) });
    const outcome = await stage.call(toolWith());
    expect(outcome.end).toEqual({ kind: 'returned' });
    expect(outcome.content).toContain('[REDACTED:url_password]');
    expect(outcome.content).not.toContain('hunter2');
  });

  test.each([
    ['a key', `because of ${KEY}`, 'leak-in-result', 'what the tool returned seemed to hold'],
    ['a password', 'at https://me:hunter2-hunter2@h.example', 'guest-client', '[REDACTED:url_password]'],
    ['nothing', 'no such page', 'guest-client', 'no such page'],
  ])('and what it reports as its failure is looked through as well: %s', async (_, message, rule, said) => {
    const script: Script = async () => ({
      kind: 'returned',
      value: { tag: 'failure', val: { kind: 'client', message } },
    });
    const outcome = await (await openStage({ script })).call(toolWith());
    expect(outcome.end).toEqual({
      kind: 'failed',
      failure: { rule, message: expect.stringContaining(said) },
    });
    expect(JSON.stringify(outcome)).not.toMatch(/hunter2|aB3dE5/);
  });

  test('may have seen text from outside: then the call is marked', async () => {
    const asks: readonly (readonly [string, boolean, readonly string[]])[] = [
      ['none', false, []],
      ['a document of the workspace', true, ['workspace-read', 'notes/a']],
      ['a document that it may not read', false, ['workspace-read', 'other/a']],
      ['whether a secret exists', false, ['secret-exists', 'token']],
    ];
    for (const [what, tainted, [name, ...args]] of asks) {
      const script: Script = async (ask) => {
        if (name) await ask(name, ...args);
        return SUCCESS;
      };
      const stage = await openStage({ script });
      const outcome = await stage.call(toolWith({ workspace: { allowedPrefixes: ['notes'] } }));
      expect({ what, tainted: outcome.tainted }).toEqual({ what, tainted });
    }
  });

  test('stays marked where its caller was', async () => {
    const stage = await openStage();
    expect(await stage.call(toolWith(), { caller: testContext({ tainted: true }) })).toMatchObject({
      tainted: true,
    });
  });
});

describe('what a guest may ask the host', () => {
  const answers = async (
    tool: SandboxedTool,
    asks: readonly (readonly [string, ...string[]])[],
    more = {},
  ) => {
    const got: unknown[] = [];
    const script: Script = async (ask) => {
      for (const [name, ...args] of asks) got.push(await ask(name, ...args));
      return SUCCESS;
    };
    const stage = await openStage({ script, ...more });
    await stage.call(tool);
    return { got, stage };
  };

  test('a document below a granted prefix, and no other', async () => {
    const tool = toolWith({ workspace: { allowedPrefixes: ['notes'] } });
    const { got, stage } = await answers(tool, [
      ['workspace-read', 'notes/a'],
      ['workspace-read', 'notes/../secret'],
      ['workspace-read', 'notes-of-others/a'],
    ]);
    expect(got).toEqual([{ ok: 'a note' }, { ok: undefined }, { ok: undefined }]);
    expect(stage.read).toEqual(['notes/a']);
  });

  test('whether a secret exists whose name was granted', async () => {
    const secrets = secretsOf({ token: 'v', other: 'v' });
    const tool = toolWith({ secrets: { allowedNames: ['tok*', 'absent'] } });
    const asks = ['token', 'other', 'absent'].map((name) => ['secret-exists', name] as const);
    expect((await answers(tool, asks, { secrets })).got).toEqual([
      { ok: true },
      { ok: false },
      { ok: false },
    ]);
  });

  test('an import that is not served is an error for the guest, and a defect of the host is told as text', async () => {
    const readWorkspace = () => Promise.reject(new Error('disk'));
    const tool = toolWith({ workspace: { allowedPrefixes: ['notes'] } });
    const asks = [
      ['emit-message', 'x'],
      ['workspace-read', 'notes/a'],
    ] as const;
    const { got } = await answers(tool, asks, { readWorkspace });
    expect(got).toEqual([
      { err: 'emit-message is not served here.' },
      { err: expect.stringContaining('disk') },
    ]);
  });

  test('another tool, by its alias and with an object', async () => {
    const tool = toolWith(FRIEND);
    const asks = [
      ['tool-invoke', 'friend', '{"a":1}'],
      ['tool-invoke', 'friend', ''],
      ['tool-invoke', 'echo', '{}'],
      ['tool-invoke', 'toString', '{}'],
      ['tool-invoke', 'friend', '[1]'],
      ['tool-invoke', 'friend', '{'],
      ['tool-invoke', 'friend', 'null'],
    ] as const;
    const { got, stage } = await answers(tool, asks);
    expect(got).toEqual([
      { ok: 'friendly' },
      { ok: 'friendly' },
      { err: 'No tool was approved under the alias "echo".' },
      { err: 'No tool was approved under the alias "toString".' },
      { err: 'The parameters must be a JSON object.' },
      { err: 'The parameters must be a JSON object.' },
      { err: 'The parameters must be a JSON object.' },
    ]);
    expect(stage.invoked.map(([name, params]) => [name, params])).toEqual([
      ['echo', { a: 1 }],
      ['echo', {}],
    ]);
  });

  test('another tool as often as it was granted', async () => {
    const toolInvoke = { aliases: { friend: 'echo' }, rateLimit: { perMinute: 1, perHour: 1 } };
    const asks = [
      ['tool-invoke', 'friend', '{}'],
      ['tool-invoke', 'friend', '{}'],
    ] as const;
    const { got, stage } = await answers(toolWith({ toolInvoke }), asks);
    expect(got).toEqual([{ ok: 'friendly' }, { err: expect.stringContaining('Too many requests') }]);
    expect(stage.invoked).toHaveLength(1);
  });

  test('a tool that is called knows who called it, what for, and whether that had seen text from outside', async () => {
    const caller = testContext({ callers: ['outer'], timezone: 'Europe/Berlin', invokesLeft: { count: 5 } });
    const script: Script = async (ask) => {
      await ask('tool-invoke', 'friend', '{}');
      await ask('http-request', 'GET', URL, '{}', undefined, undefined);
      await ask('tool-invoke', 'friend', '{}');
      return SUCCESS;
    };
    const stage = await openStage({ script });
    await stage.call(toolWith({ http: HTTP, ...FRIEND }), { caller });
    const [first, second] = stage.invoked.map(([, , context]) => context);
    expect(first).toMatchObject({
      callers: ['outer', 'probe'],
      conversationId: 'conversation-1',
      timezone: 'Europe/Berlin',
      tainted: false,
    });
    expect(second).toMatchObject({ tainted: true });
    expect(first?.invokesLeft).toBe(caller.invokesLeft);
    expect(first?.signal).not.toBe(caller.signal);
    // The same effect again would be taken for a repetition of the first.
    expect(first?.effectId).not.toBe(second?.effectId);
    expect(first?.effectId).toMatch(/^effect-1\//);
  });

  test('what a tool that is called wants stored, and its taint, go up to whoever called', async () => {
    const write = { sql: 'select 1', params: [] };
    const invokeTool = async () => ({ ok: false, content: 'no', writes: [write], tainted: true });
    const script: Script = async (ask) => {
      expect(await ask('tool-invoke', 'friend', '{}')).toEqual({ err: 'no' });
      return SUCCESS;
    };
    const stage = await openStage({ script, invokeTool });
    expect(await stage.call(toolWith(FRIEND))).toMatchObject({ writes: [write], tainted: true });
  });
});

describe('the budget of a call', () => {
  const repeat = (times: number, name: string, ...args: readonly string[]) => {
    const got: unknown[] = [];
    const script: Script = async (ask) => {
      for (let at = 0; at < times; at++) got.push(await ask(name, ...args));
      return SUCCESS;
    };
    return { script, got };
  };
  const { httpRequests, toolInvokes, hostCalls } = DEFAULT_CALL_LIMITS;

  test('the HTTP request after the fiftieth is refused, and the guest goes on', async () => {
    const { script, got } = repeat(httpRequests + 2, 'http-request', 'GET', URL, '{}');
    const stage = await openStage({ script });
    const outcome = await stage.call(toolWith({ http: HTTP }));
    expect(outcome.end).toEqual({ kind: 'returned' });
    expect(stage.sent).toHaveLength(50);
    expect(got.slice(49)).toEqual([
      { ok: expect.objectContaining({ status: 200 }) },
      { err: expect.objectContaining({ code: 'http-budget', requestSent: false }) },
      { err: expect.objectContaining({ code: 'http-budget' }) },
    ]);
    expect(outcome.audit.filter(({ rule }) => rule === 'http-budget')).toHaveLength(2);
  });

  test('the call of a tool after the twentieth is refused, and the guest goes on', async () => {
    const { script, got } = repeat(toolInvokes + 1, 'tool-invoke', 'friend', '{}');
    const stage = await openStage({ script });
    const outcome = await stage.call(toolWith(FRIEND));
    expect(outcome.end).toEqual({ kind: 'returned' });
    expect(stage.invoked).toHaveLength(20);
    expect(got.at(-1)).toEqual({ err: expect.stringContaining('used up its calls of other tools') });
    expect(outcome.audit).toMatchObject([{ kind: 'tool.refused', rule: 'invoke-budget' }, {}]);
  });

  test('a call that asks the host a thousand times ends with the next', async () => {
    const { script, got } = repeat(hostCalls + 1, 'workspace-read', 'notes/a');
    const stage = await openStage({ script });
    const outcome = await stage.call(toolWith({ workspace: { allowedPrefixes: ['notes'] } }));
    expect(outcome.end).toMatchObject({ kind: 'failed', failure: { rule: 'host-budget' } });
    expect(stage.read).toHaveLength(1_000);
    expect(got).toHaveLength(1_000);
    expect(stage.guests[0]?.signal.aborted).toBe(true);
  });
});

describe('a call that is cancelled', () => {
  const cancelled = { kind: 'cancelled' };

  test('before it began does nothing at all', async () => {
    const stage = await openStage({ script: BUSY });
    const outcome = await stage.call(toolWith({ http: HTTP, ...FRIEND }), {
      caller: testContext({ signal: AbortSignal.abort() }),
    });
    expect(outcome.end).toEqual(cancelled);
    nothingHappened(stage);
    expect(outcome.audit.map(({ kind }) => kind)).toEqual(['tool.cancelled']);
  });

  test.each([
    [
      'scanningRequest',
      (hold: () => Promise<never>): Partial<SandboxServices> => ({
        leaks: { ...createLeakDetector(), scanLong: hold },
      }),
    ],
    ['injectingCredentials', (hold: () => Promise<never>) => ({ secrets: { ...secretsOf({}), has: hold } })],
  ])('in %s never runs', async (_, services) => {
    const controller = new AbortController();
    const reached = Promise.withResolvers<void>();
    const hold = (): Promise<never> => {
      reached.resolve();
      return new Promise(() => {});
    };
    const stage = await openStage({ script: BUSY, ...services(hold) });
    const outcome = stage.call(toolWith({ http: BEARER, ...FRIEND }), {
      caller: testContext({ signal: controller.signal }),
    });
    await reached.promise;
    controller.abort();
    expect((await outcome).end).toEqual(cancelled);
    nothingHappened(stage);
  });

  test('while the guest runs stops the guest, and what it asks then is not done', async () => {
    const controller = new AbortController();
    const running = Promise.withResolvers<void>();
    const goOn = Promise.withResolvers<void>();
    const script: Script = async (ask) => {
      running.resolve();
      await goOn.promise;
      void ask('http-request', 'GET', URL, '{}');
      void ask('tool-invoke', 'friend', '{}');
      return SUCCESS;
    };
    const stage = await openStage({ script });
    const call = stage.call(toolWith({ http: HTTP, ...FRIEND }), {
      caller: testContext({ signal: controller.signal }),
    });
    await running.promise;
    controller.abort();
    const outcome = await call;
    goOn.resolve();
    await stage.system.stop();
    expect(outcome.end).toEqual(cancelled);
    expect(stage.guests[0]?.signal.aborted).toBe(true);
    expect({ sent: stage.sent, invoked: stage.invoked }).toEqual({ sent: [], invoked: [] });
    expect(outcome.audit.map(({ kind }) => kind)).toEqual(['tool.cancelled']);
  });

  test('while a request is under way gives the request up, and nothing follows it', async () => {
    const controller = new AbortController();
    const under = Promise.withResolvers<AbortSignal>();
    const answer = Promise.withResolvers<void>();
    const got: unknown[] = [];
    const script: Script = async (ask) => {
      got.push(await ask('http-request', 'GET', URL, '{}'));
      got.push(await ask('http-request', 'GET', URL, '{}'));
      return SUCCESS;
    };
    const stage = await openStage({
      script,
      async send(_, { signal }) {
        under.resolve(signal);
        await answer.promise;
        return page('late');
      },
    });
    const call = stage.call(toolWith({ http: HTTP }), { caller: testContext({ signal: controller.signal }) });
    const signal = await under.promise;
    controller.abort();
    const outcome = await call;
    expect(signal.aborted).toBe(true);
    answer.resolve();
    await stage.system.stop();
    expect(outcome.end).toEqual(cancelled);
    expect(got).toEqual([]);
    expect(stage.sent).toHaveLength(1);
  });

  test('while a tool runs on its behalf gives that up, too', async () => {
    const controller = new AbortController();
    const under = Promise.withResolvers<AbortSignal>();
    const stage = await openStage({
      script: BUSY,
      invokeTool: (_, __, { signal }) => {
        under.resolve(signal);
        return new Promise(() => {});
      },
    });
    const call = stage.call(toolWith({ http: HTTP, ...FRIEND }), {
      caller: testContext({ signal: controller.signal }),
    });
    const signal = await under.promise;
    controller.abort();
    expect((await call).end).toEqual(cancelled);
    expect(signal.aborted).toBe(true);
  });
});

describe('whoever waits for a call is answered', () => {
  const path = 'root/calls/probe-1';
  const open = async (hungAfterMs?: number) => {
    const running = Promise.withResolvers<void>();
    const script: Script = async () => {
      running.resolve();
      return new Promise(() => {});
    };
    const stage = await openStage({ script, ...(hungAfterMs !== undefined && { hungAfterMs }) });
    const outcome = stage.call(toolWith());
    await running.promise;
    return { stage, outcome };
  };
  const restarted: Refusal = {
    rule: 'sandbox-restarted',
    message: expect.stringContaining('may have taken'),
  };

  test('where its actor crashes', async () => {
    const { stage, outcome } = await open();
    expect(stage.system.crash(path)).toBe(true);
    expect((await outcome).end).toEqual({ kind: 'failed', failure: restarted });
    expect(stage.guests[0]?.signal.aborted).toBe(true);
  });

  test('where it is found to hang', async () => {
    const { stage, outcome } = await open(20);
    expect(stage.system.hang(path)).toBe(true);
    expect((await outcome).end).toEqual({ kind: 'failed', failure: restarted });
    expect(stage.guests[0]?.signal.aborted).toBe(true);
  });

  test('where the supervisor of all calls crashes, and the next call is served', async () => {
    const { stage, outcome } = await open();
    const before = stage.system.whereis(SANDBOX_CALLS);
    stage.system.crash('root/calls');
    expect((await outcome).end).toEqual({ kind: 'failed', failure: restarted });
    await until(() => ![before, undefined].includes(stage.system.whereis(SANDBOX_CALLS)));
    void stage.call(toolWith());
    await until(() => stage.guests.length === 2);
  });

  test('where the tree is stopped', async () => {
    const { stage, outcome } = await open();
    await stage.system.stop();
    expect((await outcome).end).toEqual({ kind: 'failed', failure: restarted });
    expect((await stage.call(toolWith())).end).toMatchObject({ failure: { rule: 'sandbox-unavailable' } });
  });

  test('where the sandbox itself is at fault, in words that hold nothing of the call', async () => {
    const broken = { ...createLeakDetector(), scanLong: () => Promise.reject(new Error(KEY)) };
    const stage = await openStage({ leaks: broken });
    const params: JsonObject = { q: 'private' };
    const outcome = await stage.call(toolWith(), { params });
    expect(outcome.end).toMatchObject({ kind: 'failed', failure: { rule: 'internal' } });
    expect(stage.defects).toEqual([new Error(KEY)]);
    expect(JSON.stringify(outcome)).not.toMatch(/private|sk-proj/);
    nothingHappened(stage);
  });
});
