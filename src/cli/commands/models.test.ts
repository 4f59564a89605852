import { beforeEach, expect, test } from 'vitest';
import { CommandLine } from '../testing/command-line.ts';

let cli: CommandLine;

beforeEach(() => {
  cli = new CommandLine('/nowhere');
  cli.running = { url: 'http://127.0.0.1:1', pid: 42, version: '9.9.9' };
});

test.each([[['models']], [['models', 'status']], [['model']]])(
  '%j shows what is asked, and how it does',
  async (argv) => {
    expect(await cli.run(...argv)).toBe(0);
    expect(cli.out).toMatch(/memory\/small +answers +well/);
    expect(cli.out).toContain('Thinking: as each model is set up');
    expect(cli.out).toContain('Calls: 0 of at most 16 running, 0 waiting');
  },
);

test('another model, and how much it thinks, are chosen by name', async () => {
  expect(await cli.run('models', 'use', 'memory/large')).toBe(0);
  expect(cli.out).toContain('From now on: memory/large');
  expect(await cli.run('models', 'thinking', 'high')).toBe(0);
  expect(cli.out).toContain('Thinking: high');
});

test('what is offered is listed, and a test says how long it took', async () => {
  expect(await cli.run('models', 'list', 'memory')).toBe(0);
  expect(cli.out).toMatch(/memory\/large +1000/);
  expect(await cli.run('models', 'test')).toBe(0);
  expect(cli.out).toContain('memory/small answered as memory in 1 ms.');
});

test('a test that fails says so, also to scripts', async () => {
  const failure = { kind: 'unauthorized', message: 'The key was refused.\u001b[31m' } as const;
  cli.client.models.test = async () => ({ reference: 'memory/small', ms: null, model: null, failure });
  expect(await cli.run('models', 'test')).toBe(10);
  expect(cli.out).toBe('memory/small: The key was refused.\n');
});

test('a level that there is not is refused before anybody is asked', async () => {
  expect(await cli.run('models', 'thinking', 'much')).toBe(2);
  expect(cli.err).toContain('There are off, low, medium, high, default');
});
