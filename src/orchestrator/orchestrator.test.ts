import { mkdtempSync, rmSync } from 'node:fs';
import { request } from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { systemClock } from '../core/clock.ts';
import type { ModelLine } from '../core/orchestrator.ts';
import { err, ok } from '../core/result.ts';
import { createOrchestratorClient } from './client.ts';
import { createOrchestrator, type Door, type Orchestrator } from './server.ts';
import { createToken, fitsToken, hashToken } from './token.ts';
import type { Visitor, WorkPort } from './work-port.ts';

const TOKEN = 'ab'.repeat(32);
const BRIEF = {
  id: 'a',
  title: 't',
  description: 'd',
  mode: 'worker',
  agentName: null,
  limits: { iterations: 1, tokens: null, minutes: null },
  tools: null,
  origins: [],
  byUser: true,
  timezone: 'UTC',
  attempt: 1,
  lastEvent: 0,
  session: null,
  model: { name: 'm', contextTokens: 1, outputTokens: 1, vision: false },
} as const;

interface Answer {
  readonly status: number;
  readonly body: string;
}

describe('the orchestrator', () => {
  let folder: string;
  let doors: Door[];
  let told: { readonly what: string; readonly value: unknown }[];
  let visitors: Visitor[];
  let orchestrator: Orchestrator;
  let complete: WorkPort['complete'];

  const port = (): WorkPort => ({
    brief: async () => ({ ...BRIEF, origins: [] }),
    complete: (...asked) => complete(...asked),
    status: async (value) => void told.push({ what: 'status', value }),
    event: async (value) => ({ fresh: told.push({ what: 'event', value }) > 0 }),
    end: async (value) => ({ fresh: told.push({ what: 'end', value }) > 0 }),
    prompt: async (after) =>
      after < 2 ? { seq: after + 1, content: 'hi', origin: null, done: false } : undefined,
    credentials: async () => ({ credentials: [{ variable: 'KEY', value: 'v' }] }),
  });

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'ib-orch-'));
    doors = [];
    told = [];
    visitors = [];
    complete = async (_question, tell) => tell(ANSWER);
    orchestrator = createOrchestrator({
      clock: systemClock,
      onDefect: () => undefined,
      async admit(visitor) {
        visitors.push(visitor);
        const isOwn = visitor.owner === undefined || visitor.owner === visitor.jobId;
        if (visitor.jobId === 'a' && visitor.token === TOKEN && isOwn) return ok(port());
        return err({ status: 401, code: 'unauthorized', message: 'no' });
      },
    });
  });
  afterEach(async () => {
    await Promise.all(doors.map((door) => door.close()));
    rmSync(folder, { recursive: true, force: true });
  });

  const socketPath = (): string => join(folder, 'o.sock');
  const open = async (jobId = 'a'): Promise<void> => {
    doors.push(await orchestrator.listen(socketPath(), jobId));
  };
  const client = () => createOrchestratorClient({ socketPath: socketPath(), jobId: 'a', token: TOKEN });

  const ask = (
    path: string,
    { method = 'GET', body, token = TOKEN }: { method?: string; body?: string | Buffer; token?: string } = {},
  ): Promise<Answer> =>
    new Promise((resolve, reject) => {
      const headers = { authorization: `Bearer ${token}` };
      const sent = request({ socketPath: socketPath(), path, method, headers, agent: false }, (response) => {
        let text = '';
        response.on('data', (piece) => {
          text += piece;
        });
        response.once('end', () => resolve({ status: response.statusCode ?? 0, body: text }));
      });
      sent.once('error', reject);
      sent.end(body);
    });

  test('tells and takes everything that work in a container needs', async () => {
    await open();
    const work = client();
    expect(await work.brief()).toEqual(BRIEF);
    expect(await work.credentials()).toEqual([{ variable: 'KEY', value: 'v' }]);
    expect(await work.prompt(1)).toEqual({ seq: 2, content: 'hi', origin: null, done: false });
    expect(await work.prompt(2)).toBeUndefined();
    await work.status({ message: 'reading' });
    await work.event({ seq: 1, type: 'message', data: { text: 'a' } });
    await work.end({ outcome: 'answered', text: 'done' });
    expect(told).toEqual([
      { what: 'status', value: { message: 'reading' } },
      { what: 'event', value: { seq: 1, type: 'message', data: { text: 'a' } } },
      { what: 'end', value: { outcome: 'answered', text: 'done', origins: [] } },
    ]);
    expect(await ask('/health')).toEqual({ status: 200, body: '{"status":"ok"}' });
  });

  test('streams an answer, and asks again where the connection is lost on the way', async () => {
    await open();
    let asked = 0;
    complete = async (question, tell, signal) => {
      expect(question.messages).toHaveLength(1);
      tell({ type: 'text', text: 'It' });
      if (++asked === 1) {
        await doors.pop()?.close();
        await open();
        expect(signal.aborted).toBe(true);
        return;
      }
      tell({ type: 'text', text: ' is' });
      tell(ANSWER);
    };
    const lines: ModelLine[] = [];
    const question = { id: 'q1', messages: [{ role: 'user', text: 'hi' }] } as const;
    const answer = await client().complete(
      { ...question, messages: [...question.messages] },
      (line) => lines.push(line),
      new AbortController().signal,
    );
    expect(answer).toEqual(ANSWER);
    expect(asked).toBe(2);
    // What had got through before counts no more.
    const types = lines.map(({ type }) => type);
    expect(types.slice(types.indexOf('restart'))).toEqual(['restart', 'text', 'text', 'answer']);
  });

  test('stops asking the model when the container hangs up', async () => {
    await open();
    const begun = Promise.withResolvers<AbortSignal>();
    complete = (_question, _tell, signal) => {
      begun.resolve(signal);
      return new Promise((resolve) => signal.addEventListener('abort', () => resolve()));
    };
    const over = new AbortController();
    const asked = client().complete(
      { id: 'q', messages: [{ role: 'user', text: 'hi' }] },
      () => undefined,
      over.signal,
    );
    const signal = await begun.promise;
    over.abort();
    await expect(asked).rejects.toThrow();
    while (!signal.aborted) await new Promise((resolve) => setImmediate(resolve));
  });

  test.each([
    ['/worker/a/nothing', {}, 404],
    ['/worker//job', {}, 404],
    ['/worker/a/job/../../b/job', {}, 401],
    ['/worker/a/job', { method: 'POST' }, 405],
    ['/worker/a/event', {}, 405],
    ['/worker/b/job', {}, 401],
    ['/worker/a/job', { token: 'AB'.repeat(32) }, 401],
    ['/worker/a/job', { token: '' }, 401],
    ['/worker/a/event', { method: 'POST', body: 'not json' }, 400],
    ['/worker/a/event', { method: 'POST', body: '[]' }, 400],
    ['/worker/a/event', { method: 'POST', body: '{"seq":-1,"type":"message","data":{}}' }, 400],
    ['/worker/a/event', { method: 'POST', body: '{"seq":1,"type":"evil","data":{}}' }, 400],
    ['/worker/a/event', { method: 'POST', body: '['.repeat(500_000) }, 400],
    ['/worker/a/event', { method: 'POST', body: `{"a":"${'x'.repeat(1_100_000)}"}` }, 413],
    ['/worker/a/llm/complete', { method: 'POST', body: '{"id":"../x","messages":[]}' }, 400],
    ['/worker/a/complete', { method: 'POST', body: '{"outcome":"great","text":"x"}' }, 400],
  ])('refuses %s %j', async (path, asked, status) => {
    await open();
    const answer = await ask(path, asked);
    expect(answer.status).toBe(status);
    expect(JSON.parse(answer.body)).toMatchObject({ error: { message: expect.any(String) } });
    expect(told).toEqual([]);
  });

  test('says which field was wrong', async () => {
    await open();
    const body = '{"seq":1,"type":"message","data":"text"}';
    const answer = await ask('/worker/a/event', { method: 'POST', body });
    expect(JSON.parse(answer.body)).toMatchObject({ error: { code: 'invalid', field: 'data' } });
  });

  test('whatever is sent, it answers and goes on', { timeout: 60_000 }, async () => {
    await open();
    const paths = fc.oneof(
      fc.constantFrom('/worker/a/event', '/worker/a/status', '/worker/a/complete', '/worker/a/llm/complete'),
      fc.webPath(),
    );
    await fc.assert(
      fc.asyncProperty(paths, fc.oneof(fc.json(), fc.string()), async (path, body) => {
        const { status } = await ask(path, { method: 'POST', body: Buffer.from(body) });
        expect([200, 400, 404, 405, 429]).toContain(status);
      }),
      { numRuns: 300 },
    );
    expect((await ask('/health')).status).toBe(200);
  });

  test('hangs up on what is no HTTP, and limits who asks too often', async () => {
    await open();
    const raw = connect(socketPath());
    raw.end('\u0000\u0001 nonsense\r\n\r\n');
    raw.resume();
    await new Promise((resolve) => raw.once('close', resolve));
    const answers = await Promise.all(
      Array.from({ length: 60 }, () => ask('/worker/a/job', { token: '0'.repeat(64) })),
    );
    expect(answers.filter(({ status }) => status === 429).length).toBeGreaterThan(0);
    // What is not let in any more is not looked up either.
    expect(visitors.length).toBeLessThan(60);
  });

  test('one whose socket it is cannot speak for another, whatever token it has', async () => {
    await open('b');
    expect((await ask('/worker/a/job')).status).toBe(401);
    expect(visitors.at(-1)).toEqual({ jobId: 'a', token: TOKEN, owner: 'b' });
  });

  test('listens on this machine alone where that is wanted', async () => {
    const door = await orchestrator.listenLocally(0);
    doors.push(door);
    const response = await fetch(`http://127.0.0.1:${door.port}/worker/a/job`, {
      headers: { authorization: `Bearer ${TOKEN}` },
    });
    expect(await response.json()).toEqual(BRIEF);
  });
});

const ANSWER: Extract<ModelLine, { type: 'answer' }> = {
  type: 'answer',
  text: 'It is',
  toolCalls: [],
  usage: { inputTokens: 1, outputTokens: 2 },
  model: 'm',
};

test('a token is known by its hash alone', () => {
  const token = createToken();
  expect(token).toMatch(/^[0-9a-f]{64}$/);
  expect(fitsToken(token, hashToken(token))).toBe(true);
  expect(fitsToken(token, hashToken(createToken()))).toBe(false);
  expect(fitsToken(token, null)).toBe(false);
  expect(fitsToken('', null)).toBe(false);
  expect(fitsToken('', new Uint8Array(32))).toBe(false);
});
