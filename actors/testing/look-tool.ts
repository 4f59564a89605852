import type { Tool } from '../../src/tools/index.ts';

/** A tool `look` that is free to run, answers as it is told to, and counts. */
export function lookTool(
  answer: (run: number) => string,
  ok = true,
): { readonly tool: Tool; runs(): number } {
  let runs = 0;
  const tool: Tool = {
    name: 'look',
    description: 'looks',
    parameters: { type: 'object', properties: {} },
    effect: 'pure',
    approval: 'never',
    powers: [],
    timeoutMs: 60_000,
    execute: async () => ({ ok, content: answer(++runs) }),
  };
  return { tool, runs: () => runs };
}
