import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Artefact } from '../artefact.ts';
import { type Builder, createBuilder } from '../build/index.ts';
import { type HostFunctions, instantiateBare } from '../testing/guests/index.ts';

let folder: string;
let builder: Builder;
/** Evaluates the expression in its argument `code` with the context at hand. */
let evaluator: Artefact;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ironbark-prelude-'));
  builder = createBuilder({ cacheDir: folder });
  evaluator = await toolOf(`export const description = 'Evaluates.';
    export const parameters = { type: 'object', properties: { code: { type: 'string' } } };
    export function run({ code }, context) {
      const { http, log, read, hasSecret, invoke, now } = context;
      return { value: eval(code) ?? null };
    }`);
});

afterAll(() => rm(folder, { recursive: true, force: true }));

async function toolOf(source: string): Promise<Artefact> {
  const component = await builder.javascript(source);
  if (!component.ok) throw new Error(component.error.message);
  const made = await builder.component(component.value);
  if (!made.ok) throw new Error(made.error.message);
  return made.value;
}

const HOST: HostFunctions = {
  log: () => undefined,
  nowMillis: () => 1234n,
  httpRequest: () => undefined,
  toolInvoke: () => '',
  workspaceRead: () => undefined,
  secretExists: () => false,
};

/** One call of a fresh instance. */
async function execute(artefact: Artefact, params: unknown, host: HostFunctions = {}, context?: string) {
  const instance = await instantiateBare(artefact, { ...HOST, ...host });
  return instance.call('execute', { params: JSON.stringify(params), context });
}

async function evaluate(code: string, host: HostFunctions = {}): Promise<unknown> {
  const answer = await execute(evaluator, { code }, host);
  const { tag, val } = Object(answer);
  if (tag !== 'success') throw new Error(JSON.stringify(val));
  return JSON.parse(val).value;
}

describe('a tool', () => {
  it('has the description and the schema of its source', async () => {
    const instance = await instantiateBare(evaluator, HOST);
    expect(await instance.call('description')).toBe('Evaluates.');
    expect(JSON.parse(String(await instance.call('schema')))).toMatchObject({ type: 'object' });
  });

  it('that throws fails with the message, and logs the stack in lines of its source', async () => {
    const lines: unknown[] = [];
    const broken = await toolOf("export const description = 'd';\nexport function run() {\n  null.x;\n}");
    const answer = await execute(broken, {}, { log: (level, line) => lines.push([level, line]) });
    expect(answer).toMatchObject({ tag: 'failure', val: { kind: 'executor' } });
    expect(lines).toEqual([
      ['error', expect.stringMatching(/^TypeError: .*\n {4}at run \(tool\.js:3:\d+\)$/)],
    ]);
  });

  it('that returns a promise fails and says why', async () => {
    const promising = await toolOf(
      "export const description = 'd'; export const run = () => Promise.resolve(1);",
    );
    expect(await execute(promising, {})).toMatchObject({
      tag: 'failure',
      val: { message: expect.stringContaining('run returned a promise') },
    });
  });

  it('may implement the interface itself', async () => {
    const own = await toolOf(`import { log } from 'near:agent/host@0.4.1';
      export const tool = {
        schema: () => '{}',
        description: () => 'own',
        execute: ({ params, context }) => (log('warn', 'x'), { tag: 'success', val: params + context }),
      };`);
    const levels: unknown[] = [];
    const answer = await execute(own, 1, { log: (level) => levels.push(level) }, '{"a":1}');
    expect(answer).toEqual({ tag: 'success', val: '1{"a":1}' });
    expect(levels).toEqual(['warn']);
  });

  it('learns which operation is called', async () => {
    const asking = await toolOf(
      "export const description = 'd'; export const run = (_, { operation }) => operation ?? 'none';",
    );
    expect(await execute(asking, {}, {}, '{"capability_id":"github.get_repo"}')).toMatchObject({
      val: 'get_repo',
    });
    expect(await execute(asking, {})).toMatchObject({ val: 'none' });
  });

  it('that says nothing while it is built may use the console there', async () => {
    const chatty = await toolOf(
      "console.log('loading'); export const description = 'd'; export const run = () => 'ran';",
    );
    expect(await execute(chatty, {})).toEqual({ tag: 'success', val: 'ran' });
  });
});

describe('the context', () => {
  it('asks for pages and reads the answer', async () => {
    const asked: unknown[][] = [];
    const httpRequest = async (...args: readonly unknown[]) => {
      asked.push([...args]);
      return { status: 201, headersJson: '{"x":"y"}', body: new TextEncoder().encode('{"ü":1}') };
    };
    const code = `(() => {
      const a = http(new URL('https://a.example/?q=1'), { method: 'POST', headers: { A: 'b' }, body: { c: 'ä' }, timeoutMs: 9 });
      return [a.status, a.ok, a.headers, a.json(), a.text().length, a.body.length];
    })()`;
    expect(await evaluate(code, { httpRequest })).toEqual([201, true, { x: 'y' }, { ü: 1 }, 7, 8]);
    const [method, url, headers, body, timeout] = asked[0] ?? [];
    expect([method, url, timeout]).toEqual(['POST', 'https://a.example/?q=1', 9]);
    expect(JSON.parse(String(headers))).toEqual({ A: 'b', 'content-type': 'application/json' });
    expect(Buffer.from(Object(body)).toString()).toBe('{"c":"ä"}');
  });

  it('turns a refused request into an error with its kind', async () => {
    const httpRequest = async () => {
      throw { payload: { kind: 'network-denied', code: 'not-listed', message: 'no', requestSent: false } };
    };
    const answer = await execute(evaluator, { code: "http('https://b.example/')" }, { httpRequest });
    expect(answer).toEqual({
      tag: 'failure',
      val: { kind: 'network-denied', code: 'not-listed', message: 'no' },
    });
    const caught =
      "try { http('https://b.example/') } catch (e) { [e instanceof ToolError, e.kind, e.requestSent] }";
    expect(await evaluate(caught, { httpRequest })).toEqual([true, 'network-denied', false]);
  });

  it('reads files, asks for secrets, calls tools and tells the time', async () => {
    const host: HostFunctions = {
      workspaceRead: async (path) => (path === 'there' ? 'text' : undefined),
      secretExists: async (name) => name === 'key',
      toolInvoke: async (alias, params) => `{"alias":"${alias}","params":${params}}`,
    };
    expect(await evaluate("[read('there'), read('gone') ?? null]", host)).toEqual(['text', null]);
    expect(await evaluate("[hasSecret('key'), hasSecret('other')]", host)).toEqual([true, false]);
    expect(await evaluate("invoke('friend', { n: 1 })", host)).toEqual({ alias: 'friend', params: { n: 1 } });
    expect(await evaluate('now()', host)).toBe(1234);
  });

  it('logs at the level of each function', async () => {
    const lines: unknown[] = [];
    const code =
      "console.log('a', { b: 1 }); console.debug(2); log.error(new Error('c').message); console.warn(null)";
    await evaluate(code, { log: (...line) => lines.push(line) });
    expect(lines).toEqual([
      ['info', 'a {"b":1}'],
      ['debug', '2'],
      ['error', 'c'],
      ['warn', 'null'],
    ]);
  });
});

const numbersOf = (value: unknown): readonly number[] => (Array.isArray(value) ? value.map(Number) : []);

describe('Math.random', () => {
  it('gives other numbers in each call, all of them from 0 to below 1', async () => {
    const code = 'Array.from({ length: 1000 }, () => Math.random())';
    const calls = [await evaluate(code), await evaluate(code)].map(numbersOf);
    expect(new Set(calls.flat()).size).toBe(2000);
    for (const numbers of calls) {
      expect(numbers.every((number) => number >= 0 && number < 1)).toBe(true);
      const mean = numbers.reduce((sum, number) => sum + number, 0) / 1000;
      // The mean of a thousand uniform numbers is outside of this once in a hundred million times.
      expect(Math.abs(mean - 0.5)).toBeLessThan(0.055);
    }
  });
});

/** The same expressions by Node, whose classes follow the standard. */
async function agrees(expressions: readonly string[]): Promise<void> {
  const settle = `(text) => { try { return (0, eval)(text) } catch (e) { return e.name } }`;
  const here = expressions.map((text) => new Function('text', `return (${settle})(text)`)(text));
  const there = await evaluate(`${JSON.stringify(expressions)}.map(${settle})`);
  expect(there).toEqual(here);
}

describe('as in Node', () => {
  it('URLs are parsed, resolved and written', () =>
    agrees(
      [
        ['https://Ex.Example:443/a/../b/./c%2e/%2E%2e/d?x=ü&y=1 2#f g'],
        ['http://user:p%20w@h.example:8080'],
        ['https:\\\\h.example\\a'],
        [' https://h.example/\t\na '],
        ['https://h.example/"<>`{}^|[]\\?"<>`{}^|\'#"<>`{}'],
        ['https://[::1]:80/x'],
        ['https://h.example?'],
        ['https://h.example/%zz%e4?%zz'],
        ['../x?y#z', 'https://h.example/a/b/c?q#h'],
        ['//other.example/p', 'https://h.example/a'],
        ['/abs/', 'https://h.example/a/b?q'],
        ['?only', 'https://h.example/a/b?q#h'],
        ['#only', 'https://h.example/a/b?q#h'],
        ['', 'https://h.example/a/b?q#h'],
        ['a/./b/..', 'https://h.example'],
        ['relative'],
        ['https://'],
        ['https://h.example:99999/'],
        ['https://a b/'],
      ].map(
        (args) => `(() => { const u = new URL(${args.map((arg) => JSON.stringify(arg)).join()});
        return [u.href, u.origin, u.protocol, u.username, u.password, u.host, u.hostname, u.port, u.pathname, u.search, u.hash] })()`,
      ),
    ));

  it('URLs are changed', () =>
    agrees([
      "(() => { const u = new URL('https://h.example/a'); u.searchParams.append('k ä', 'v&=+'); return u.href })()",
      "(() => { const u = new URL('https://h.example/?a=1'); u.search = 'b=ü#'; return [u.href, [...u.searchParams]] })()",
      "(() => { const u = new URL('https://h.example/?a=1'); u.searchParams.delete('a'); return u.href })()",
      "(() => { const u = new URL('https://h.example/'); u.pathname = 'x y?/../z#'; u.hash = 'h h'; u.port = '81'; return u.href })()",
      "[URL.canParse('https://a.example'), URL.canParse('x'), JSON.stringify(new URL('https://a.example'))]",
    ]));

  it('query parameters', () =>
    agrees([
      "[...new URLSearchParams('?a=1&b=%C3%A4+x&c&=d&&e=%zz%ff')]",
      'new URLSearchParams({ a: "!\'()*~-._ ä€😀", b: 2 }).toString()',
      "new URLSearchParams([['a', 1], ['a', 2]]).getAll('a')",
      "(() => { const p = new URLSearchParams('a=1&b=2&a=3'); p.set('a', 9); p.set('z', 0); p.sort(); return [p.toString(), p.size, p.has('b', '3'), p.get('q')] })()",
      "(() => { const p = new URLSearchParams('a=1&a=2'); p.delete('a', '1'); return [[...p.keys()], [...p.values()]] })()",
      "new URLSearchParams([['a']])",
    ]));

  it('texts become UTF-8 and come back', () =>
    agrees([
      "[...new TextEncoder().encode('aä€😀\\ud800x')]",
      'new TextDecoder().decode(new Uint8Array([0xef, 0xbb, 0xbf, 0x61]))',
      ...[
        [0xc0, 0x80],
        [0xe2, 0x82],
        [0xed, 0xa0, 0x80],
        [0xf0, 0x9f, 0x98, 0x80],
        [0xf4, 0x90, 0x80, 0x80],
        [0x61, 0xff, 0x62],
        [0xe2, 0x28, 0xa1],
        [0xf0, 0x9f, 0x41],
      ].flatMap((bytes) => [
        `new TextDecoder().decode(new Uint8Array(${JSON.stringify(bytes)}))`,
        `new TextDecoder('utf-8', { fatal: true }).decode(new Uint8Array(${JSON.stringify(bytes)}))`,
      ]),
      "new TextDecoder().decode(new TextEncoder().encode('ä'.repeat(10000))).length",
      "new TextDecoder('utf-8').decode(new Uint8Array([1, 0x61, 2]).subarray(1, 2))",
    ]));

  it('data is cloned', () =>
    agrees([
      '(() => { const a = { b: [1, { c: new Date(5) }], m: new Map([[1, { x: 1 }]]) }; const k = structuredClone(a); return [k.b[1].c.getTime(), k.m.get(1).x, k.b !== a.b, k.m.get(1) !== a.m.get(1)] })()',
      '(() => { const a = {}; a.self = a; const k = structuredClone(a); return k.self === k && k !== a })()',
      '[...structuredClone(new Uint8Array([1, 2]))]',
    ]));
});

it('the template becomes a tool that asks for the weather', async () => {
  const weather = await toolOf(
    await readFile(new URL('../../extensions/weather/tool.js', import.meta.url), 'utf8'),
  );
  const asked: URL[] = [];
  const pages: readonly unknown[] = [
    {
      results: [
        { name: 'Springfield', admin1: 'Missouri', country: 'United States', latitude: 37, longitude: -93 },
        { name: 'Springfield', admin1: 'Illinois', country: 'United States', latitude: 39, longitude: -89 },
      ],
    },
    {
      timezone: 'America/Chicago',
      current: { temperature_2m: 21, wind_speed_10m: 7, weather_code: 2 },
      daily: {
        time: ['2026-01-01'],
        weather_code: [61],
        temperature_2m_max: [24],
        temperature_2m_min: [15],
        precipitation_sum: [3],
      },
    },
  ];
  const httpRequest = async (_: unknown, url: unknown) => {
    asked.push(new URL(String(url)));
    const body = new TextEncoder().encode(JSON.stringify(pages[asked.length - 1]));
    return { status: 200, headersJson: '{}', body };
  };
  const answer = Object(await execute(weather, { place: 'Springfield, Illinois', days: 1 }, { httpRequest }));
  expect(asked.map(({ hostname }) => hostname)).toEqual([
    'geocoding-api.open-meteo.com',
    'api.open-meteo.com',
  ]);
  expect(asked[1]?.searchParams.get('latitude')).toBe('39');
  expect(JSON.parse(answer.val)).toEqual({
    place: 'Springfield, Illinois, United States',
    timezone: 'America/Chicago',
    now: { sky: 'partly cloudy', celsius: 21, windKmh: 7 },
    days: [{ date: '2026-01-01', sky: 'rain', low: 15, high: 24, rainMm: 3 }],
  });
});
