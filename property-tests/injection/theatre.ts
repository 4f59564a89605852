import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createAgents } from '../../actors/agents.ts';
import { type Bench, openBench } from '../../actors/testing/bench.ts';
import { systemClock } from '../../src/core/clock.ts';
import type { Model } from '../../src/llm/index.ts';
import { createMemory } from '../../src/memory/index.ts';
import { createDatabaseGate } from '../../src/storage/index.ts';
import { createBuiltinTools, createFileScope, type Tool } from '../../src/tools/index.ts';

/** A whole tree in memory whose model is the given one, with these tools beside the built-in ones. */
export interface Theatre extends AsyncDisposable {
  readonly bench: Bench;
  /** The files folder. */
  readonly files: string;
}

export async function openTheatre(model: Model, tools: readonly Tool[]): Promise<Theatre> {
  await using stack = new AsyncDisposableStack();
  const files = await mkdtemp(join(tmpdir(), 'ironbark-injection-'));
  stack.defer(() => rm(files, { recursive: true, force: true }));
  // The memory has to write where the journal does, which is there only once the bench is.
  let database: Bench['database'] | undefined;
  const gate = createDatabaseGate(async () => {
    if (!database) throw new Error('the bench is not open');
    return { ...database, close: async () => {} };
  });
  const agents = createAgents();
  const builtin = createBuiltinTools({
    agents,
    clock: systemClock,
    memory: createMemory(gate, systemClock),
    files: createFileScope({ root: files, forbidden: [] }),
  });
  const bench = stack.use(
    await openBench({
      agents,
      // No story ends for want of steps.
      iterations: 20,
      tools: [...builtin, ...tools],
      async script(request) {
        const answer = await model.complete(request);
        if (!answer.ok) return { failure: answer.error };
        const { text, toolCalls: calls } = answer.value;
        return calls.length > 0 ? { calls } : text;
      },
    }),
  );
  database = bench.database;
  await gate.open();
  const resources = stack.move();
  return { bench, files, [Symbol.asyncDispose]: () => resources.disposeAsync() };
}
