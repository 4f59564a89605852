import { describe, expect, test } from 'vitest';
import { createActorStore, deadLetters } from '../src/storage/journal/index.ts';
import type { Tool } from '../src/tools/index.ts';
import { sessionName } from './names.ts';
import { type Bench, openBench, type Script, until } from './testing/bench.ts';
import { TURN_VERSION } from './turn-versions.ts';

const KEY = 'session/talk';

const oneCall: Script = ({ messages }) => {
  const last = messages.at(-1);
  return last?.role === 'tool'
    ? `result: ${last.content}`
    : { calls: [{ callId: 'a', tool: 'probe', arguments: {} }] };
};

/** A tool that must be asked for and must run once. */
function probe(more: Partial<Tool> = {}): { readonly tool: Tool; readonly runs: string[] } {
  const runs: string[] = [];
  const tool: Tool = {
    name: 'probe',
    description: 'counts',
    parameters: { type: 'object', properties: {} },
    effect: 'once',
    approval: 'unless-granted',
    powers: ['changes'],
    timeoutMs: 60_000,
    async execute(_args, { effectId }) {
      runs.push(effectId);
      return { ok: true, content: `run ${runs.length}` };
    },
    ...more,
  };
  return { tool, runs };
}

const rowOf = async ({ database }: Bench, key = KEY) => {
  const { rows } = await database.query('select seq, version, snapshot, epoch from actor where key = $1', [
    key,
  ]);
  return rows[0];
};

describe('an input that is offered again after an earlier life of its session dealt with it', () => {
  test.each([
    ['a message', { type: 'message', text: 'hello', mode: 'queue' }],
    ['an approval', { type: 'approval', approvalId: 'none', decision: 'once', reason: null }],
  ] as const)('changes nothing, be it %s; the next message is answered', async (_, input) => {
    await using bench = await openBench({ script: () => 'fine' });
    const inboxId = await bench.input(input);
    await bench.waitFor(input.type === 'message' ? 'turn.replied' : 'input.refused');
    const before = await bench.entries();
    expect(bench.system.crash('root/conversations/sessions/talk')).toBe(true);
    await until(() => bench.system.find('root/conversations/sessions/talk')?.getSnapshot().value === 'idle');

    const offered = { type: 'input.offered', input: { inboxId, channel: 'web', input } };
    expect(bench.system.send(sessionName('talk'), offered)).toBe(true);
    await bench.say('still there?');
    await bench.waitFor('turn.replied', ({ seq }) => seq > before.length);
    const after = (await bench.entries()).slice(before.length);
    expect(after.map(({ type }) => type)).toEqual([
      'turn.began',
      'model.requested',
      'model.completed',
      'turn.replied',
    ]);
    expect(after[0]).toMatchObject({ messages: [{ text: 'still there?' }] });
  });
});

describe('a turn that crashes again and again', () => {
  test('on a step that it cannot make is put aside as a dead letter, with its place', async () => {
    const { tool } = probe({ refusal: () => Promise.reject(new Error('boom')) });
    await using bench = await openBench({ tools: [tool], script: oneCall });
    await bench.say('go');
    const reply = await bench.waitFor('turn.replied');
    expect(reply).toMatchObject({ finish: 'failed', text: expect.stringContaining('crashed 4 times') });
    expect(await deadLetters(bench.database)).toMatchObject([
      {
        actorKey: KEY,
        seq: 3,
        event: { type: 'effect.died', kind: 'judgeCalls' },
        error: expect.stringContaining('boom'),
      },
    ]);
  });

  test('on its very first message refuses that message and takes the next', async () => {
    await using bench = await openBench({ script: () => 'fine' });
    await bench.database.query(`
      create function refuse_poison() returns trigger language plpgsql as $$
      begin
        if new.payload::text like '%poison%' then raise exception 'no place for poison'; end if;
        return new;
      end $$`);
    await bench.database.query(
      'create trigger poison before insert on journal for each row execute function refuse_poison()',
    );
    const inboxId = await bench.say('poison');
    await bench.say('bread');
    expect(await bench.waitFor('input.refused')).toMatchObject({
      inboxId,
      reason: expect.stringContaining('crashed'),
    });
    expect(await bench.waitFor('turn.replied')).toMatchObject({ text: 'fine' });
    expect(await deadLetters(bench.database)).toMatchObject([
      { seq: 0, event: { type: 'turn.began' }, error: expect.stringContaining('no place for poison') },
    ]);
  });
});

describe('a turn that was stored', () => {
  const asked = async (bench: Bench): Promise<void> => {
    await bench.say('go');
    await bench.waitFor('approval.requested');
    await bench.system.stop();
  };

  test('by the first version goes on after its migration', async () => {
    const { tool, runs } = probe();
    await using bench = await openBench({ tools: [tool], script: oneCall });
    await asked(bench);
    await bench.database.query(
      `update actor set version = 1, snapshot = jsonb_set(
         replace((snapshot #- '{context,limits}')::text, '"once"', '"unsafe"')::jsonb, '{context,maxIterations}', '5')`,
    );
    expect(JSON.stringify(await rowOf(bench))).toContain('"effect":"unsafe"');
    await bench.restart();
    await bench.say('yes');
    await bench.waitFor('turn.replied');
    expect(runs).toHaveLength(1);
    const { rows } = await bench.database.query("select class from effect where kind = 'requestTool'");
    expect(rows).toEqual([{ class: 'once' }]);
  });

  test('by a newer program is left as it is, and other conversations live on', async () => {
    const { tool, runs } = probe();
    await using bench = await openBench({
      tools: [tool],
      script: (request, call) => (call === 1 ? oneCall(request, call) : 'I am well'),
    });
    await asked(bench);
    await bench.database.query('update actor set version = $1', [TURN_VERSION + 1]);
    const before = await rowOf(bench);
    await bench.restart();
    await bench.say('yes');
    const talk = () => JSON.stringify(bench.system.tree()).includes('"state":"stalled"');
    await until(talk);
    const conversationId = 'other';
    const input = { type: 'message', text: 'how are you?', mode: 'queue' } as const;
    const replied = new Promise<void>((resolve) => {
      bench.assistant.watch(conversationId, (event) => {
        if (event.type === 'entry' && event.entry.type === 'turn.replied') resolve();
      });
    });
    await bench.assistant.accept({ channel: 'web', externalId: 'other-1', conversationId, input });
    await replied;
    expect(await rowOf(bench)).toEqual(before);
    expect(runs).toEqual([]);
  });
});

test('a turn whose conversation somebody else has opened writes nothing more', async () => {
  const { tool, runs } = probe();
  await using bench = await openBench({ tools: [tool], script: oneCall });
  await bench.say('go');
  const { seq } = await bench.waitFor('approval.requested');
  const newer = await createActorStore(bench.database, { now: () => 0 }, 2).open(KEY, TURN_VERSION);
  await bench.say('yes');
  await until(() => JSON.stringify(bench.system.tree()).includes('"state":"stalled"'));
  expect(await rowOf(bench)).toMatchObject({ seq });
  expect(runs).toEqual([]);
  const mine = newer.journal.commit(() => ({ records: [], snapshot: null }));
  expect(await mine).toMatchObject({ entries: [] });
});
