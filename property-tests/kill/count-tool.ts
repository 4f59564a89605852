import { appendFileSync } from 'node:fs';
import type { Tool } from '../../src/tools/index.ts';

/**
 * A tool that leaves a line in a file outside of the database each time it really runs, so that what happened can be
 * compared with what the journal says.
 */
export const countTool = (effects: string): Tool => ({
  name: 'count',
  description: 'Counts one thing.',
  parameters: { type: 'object', properties: { task: { type: 'string' } }, required: ['task'] },
  effect: 'once',
  approval: 'never',
  powers: ['changes'],
  timeoutMs: 10_000,
  async execute({ task }, { effectId }) {
    appendFileSync(effects, `${JSON.stringify({ task, effectId, at: Date.now() })}\n`);
    // A while in which the effect has happened and its outcome is not on disk.
    await new Promise((resolve) => setTimeout(resolve, 30));
    return { ok: true, content: `counted ${task}` };
  },
});
