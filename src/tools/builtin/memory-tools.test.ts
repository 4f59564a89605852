import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { JsonObject } from '../../core/json.ts';
import { createMemory, type Layer, type Memory } from '../../memory/index.ts';
import type { Database } from '../../storage/index.ts';
import { openMemoryDatabase } from '../../storage/testing/memory-database.ts';
import type { MemoryQuestion, SaidBefore } from '../memory-services.ts';
import { callTool } from '../testing.ts';
import type { Tool, ToolContext } from '../tool.ts';
import { memoryReadTool } from './memory-read.ts';
import { type MemorySearchServices, memorySearchTool } from './memory-search.ts';
import { memoryTreeTool } from './memory-tree.ts';
import { memoryWriteTool } from './memory-write.ts';

let database: Database;
let memory: Memory;
let tools: readonly Tool[];
const clock = { now: () => Date.UTC(2026, 2, 14, 12) };
const TEAM: Layer = { name: 'team', folder: 'team', writable: true, sensitivity: 'shared' };

beforeAll(async () => {
  database = await openMemoryDatabase();
});
afterAll(() => database.close());
beforeEach(async () => {
  await database.query('delete from memory_document');
  await database.query('delete from memory_version');
  use([]);
});

function use(layers: readonly Layer[], services: Omit<MemorySearchServices, 'memory' | 'clock'> = {}): void {
  memory = createMemory(database, clock, undefined, { layers });
  tools = [
    memoryReadTool(memory, clock),
    memorySearchTool({ memory, clock, ...services }),
    memoryTreeTool(memory),
    memoryWriteTool(memory, clock),
  ];
}

async function call(name: string, args: JsonObject, context: Partial<ToolContext> = {}) {
  const output = await callTool(tools, name, args, context);
  const [first, ...rest] = output.writes ?? [];
  if (first) await database.commit([first, ...rest]);
  return output;
}
const write = (args: JsonObject, context: Partial<ToolContext> = {}) => call('memory_write', args, context);
const save = (target: string, content: string, context: Partial<ToolContext> = {}) =>
  write({ target, content, append: false }, context);
const read = (path: string, args: JsonObject = {}) => call('memory_read', { path, ...args });
const tool = (name: string): Tool => tools.find((each) => each.name === name) ?? expect.unreachable(name);

describe('bad input to memory_write', () => {
  test.each([
    ['../escape.md', 'leaves memory'],
    ['/etc/passwd', 'is absolute'],
    ['a\0b.md', 'control characters'],
    ['x'.repeat(600), '512 bytes'],
    ['notes/NUL.md', 'name of a device'],
    ['projects/.config', 'not JSON'],
  ])('is refused with what is wrong: a document at %.30s', async (target, complaint) => {
    const output = await save(target, 'x');
    expect(output).toMatchObject({ ok: false, content: expect.stringContaining(complaint) });
    expect(output.writes).toBeUndefined();
  });

  test('is refused with what is wrong: texts that are too large, or no texts', async () => {
    expect((await save('a.md', 'word '.repeat(10_000_000))).content).toContain('Begin another document');
    expect((await save('a.md', '\u0001\u0002x'.repeat(100))).content).toContain('binary data');
    expect((await read('a.md')).ok).toBe(false);
  });
});

describe('an edit', () => {
  beforeEach(async () => {
    await save('a.md', 'one\ntwo\nthree');
    await write({ target: 'a.md', old_string: 'two', new_string: '2', if_version: 1 });
  });

  test('of an older version is refused with what has changed, and whose words that is', async () => {
    await write(
      { target: 'a.md', old_string: 'three', new_string: '3' },
      { origins: ['the page e.example'] },
    );
    const late = await write({ target: 'a.md', content: 'x', append: false, if_version: 2 });
    expect(late.ok).toBe(false);
    expect(late.content).toContain('is at version 3 by now');
    expect(late.content).toContain('\n3\n');
    expect(late.content).not.toContain('one');
    expect(late.origins).toEqual(['the document a.md of memory, after the page e.example']);
  });

  test('of the last version is made; 0 and null stand for none', async () => {
    expect((await write({ target: 'a.md', content: 'x', append: false, if_version: 2 })).ok).toBe(true);
    for (const if_version of [0, null])
      expect((await write({ target: 'a.md', content: 'y', append: false, if_version })).ok).toBe(true);
  });

  test('can be taken back', async () => {
    expect((await write({ target: 'a.md', restore_version: 1 })).content).toBe('Restored a.md.');
    expect((await read('a.md')).content).toBe('one\ntwo\nthree');
    expect((await write({ target: 'a.md', restore_version: 77 })).content).toContain('no version 77');
  });
});

describe('layers in memory_write', () => {
  const SSN = 'Her number is 536-90-4399.';
  const force = { target: 'team/a.md', content: SSN, force: true };

  test('are only spoken of where there are several', () => {
    expect(tool('memory_write').parameters.properties).not.toHaveProperty('layer');
    use([TEAM]);
    expect(tool('memory_write').parameters.properties).toHaveProperty('layer');
  });

  test('are named, or are where the document is', async () => {
    use([TEAM]);
    expect((await write({ target: 'a.md', layer: 'Team', content: 'x' })).content).toBe(
      'Added to team/a.md.',
    );
    expect((await write({ target: 'team/a.md', layer: 'team', content: 'x' })).content).toBe(
      'Added to team/a.md.',
    );
    expect((await write({ target: 'a.md', layer: 'private', content: 'x' })).content).toBe('Added to a.md.');
    expect((await write({ target: 'a.md', layer: 'tame', content: 'x' })).content).toContain(
      'There are team, private',
    );
  });

  test('say where private text went instead', async () => {
    use([TEAM]);
    const { content } = await save('team/a.md', SSN);
    expect(content).toMatch(
      /^Saved private\/team\/a\.md\. It went to private\/team\/a\.md instead of team\/a\.md: /,
    );
    expect((await call('memory_tree', { depth: 1 })).content).toBe('private/ (1)');
  });

  test('ask the user before private text is shown to others', async () => {
    use([TEAM]);
    expect(tool('memory_write').approvalOf?.(force)).toBe('always');
    expect(tool('memory_write').powersOf?.(force)).toEqual(['changes']);
    expect(tool('memory_write').summary?.(force)).toContain('others can see');
    for (const harmless of [
      { ...force, target: 'a.md' },
      { ...force, force: false },
    ]) {
      expect(tool('memory_write').approvalOf?.(harmless)).toBe('never');
      expect(tool('memory_write').powersOf?.(harmless)).toEqual([]);
    }
    expect((await write(force)).content).toBe('Added to team/a.md.');
  });

  test('do not ask for anybody else', async () => {
    use([TEAM]);
    const { content } = await write(force, { origins: ['the page e.example'] });
    expect(content).toContain('It went to private/team/a.md');
  });

  test('are marked in the tree', async () => {
    use([TEAM]);
    await save('team/a.md', 'x');
    expect((await call('memory_tree', {})).content).toBe('team/ (1; layer team, shared)');
  });
});

describe('memory_read', () => {
  test('shows a long document in parts, by lines', async () => {
    const lines = Array.from({ length: 4_000 }, (_, at) => `line ${at + 1} of many`);
    await save('a.md', lines.join('\n'));
    const shown: string[] = [];
    for (let offset = 1; offset > 0; ) {
      const { content } = await read('a.md', { offset });
      const [, next] =
        /\n\[\d+ more of 4000 lines of version 1\. Continue with offset (\d+)\.\]$/.exec(content) ?? [];
      shown.push(content.replace(/\n\[\d+ more .*\]$/, ''));
      offset = Number(next ?? 0);
    }
    expect(shown.length).toBeGreaterThan(1);
    expect(shown.join('\n')).toBe(lines.join('\n'));
    expect((await read('a.md', { offset: 9_000 })).content).toBe('[The document ends at line 4000.]');
  });

  test('says where each passage comes from', async () => {
    await save('a.md', 'Tea at four.');
    await write({ target: 'a.md', content: 'Bring cake.' }, { origins: ['the page e.example'] });
    const { content, origins } = await read('a.md', { sources: true });
    expect(content).toMatch(
      /Tea at four\.\n {2}\[Written by the assistant .*\]\nBring cake\.\n.*after the page e\.example/,
    );
    expect(origins).toEqual(['the document a.md of memory, after the page e.example']);
  });
});

describe('memory_search', () => {
  test.each(['word '.repeat(20_000), 'the and of is', '?!… — "" () :* & | %_\\', 'a\ud800 \udc00', 'a\0b'])(
    'answers any query: %.20j',
    async (query) => {
      await save('a.md', 'green tea');
      expect(await call('memory_search', { query, reasoning: true, recency: 30, folder: '/' })).toMatchObject(
        {
          ok: true,
        },
      );
    },
  );

  const said: SaidBefore = {
    conversationId: 'c1',
    title: 'Garden',
    at: '2026-03-01T10:00:00.000Z',
    by: 'user',
    snippet: 'the shed key is under the pot',
    origins: ['an earlier conversation, after the page e.example'],
  };

  test('adds what was said in other conversations where documents have little', async () => {
    const asked: unknown[] = [];
    use([], {
      findTalk: async (query, options) => {
        asked.push([query, options]);
        return [said];
      },
    });
    await save('shed.md', 'The shed is red.');
    const output = await call('memory_search', { query: 'shed' }, { conversationId: 'c9' });
    expect(asked).toEqual([['shed', { limit: 4, notIn: 'c9' }]]);
    expect(output.content).toContain('## shed.md (2026-03-14)');
    expect(output.content).toContain('## conversation "Garden" c1 (2026-03-01)\nuser: the shed key');
    expect(output.origins).toEqual(said.origins);
  });

  test('does not where documents have much, or a folder is named', async () => {
    use([], { findTalk: () => expect.unreachable() });
    for (const name of ['a', 'b', 'c']) await save(`${name}/shed.md`, `The shed of ${name} is red.`);
    expect((await call('memory_search', { query: 'shed' })).content).toContain('c/shed.md');
    const { content } = await call('memory_search', { query: 'shed', folder: 'b/' });
    expect(content).toContain('b/shed.md');
    expect(content).not.toContain('c/shed.md');
  });

  test('answers a question from what it found, and says from where', async () => {
    const orders: MemoryQuestion[] = [];
    use([], {
      askMemory: async (order) => {
        orders.push(order);
        return { ok: true, text: 'It is red [shed.md].', writes: [] };
      },
    });
    await save('shed.md', 'The shed is red.', { origins: ['the page e.example'] });
    await save('house.md', 'The house beside the shed is blue.');
    const output = await call('memory_search', { query: 'colour of the shed', reasoning: true });
    expect(orders[0]?.passages.map(({ name }) => name).sort()).toEqual(['house.md', 'shed.md']);
    expect(output.content).toBe('It is red [shed.md].\n\nFrom: shed.md (2026-03-14)');
    expect(output.origins).toEqual(['the document shed.md of memory, after the page e.example']);
  });

  test('shows what it found where nobody can answer, and asks nobody about nothing', async () => {
    use([], { askMemory: async () => ({ ok: false, message: 'no language model.', writes: [] }) });
    expect((await call('memory_search', { query: 'shed', reasoning: true })).content).toBe(
      'Nothing in memory fits that.',
    );
    await save('shed.md', 'The shed is red.');
    const { ok, content } = await call('memory_search', { query: 'shed', reasoning: true });
    expect(ok).toBe(true);
    expect(content).toMatch(/^Not answered: no language model\. This was found:\n\n## shed\.md/);
  });
});
