import { z } from 'zod';
import { IronbarkError } from '../../core/errors.ts';

const Agents = z.array(
  z.object({
    name: z.string(),
    command: z.string(),
    args: z.array(z.string()).default([]),
    env: z.record(z.string(), z.string()).default({}),
  }),
);

/** The program of this name; the first where none is named. */
export function chosenAgent(agents: string, name: string | null): z.infer<typeof Agents>[number] {
  const all = Agents.parse(JSON.parse(agents));
  const chosen = name === null ? all[0] : all.find((agent) => agent.name === name);
  if (chosen) return chosen;
  throw new IronbarkError('usage', `There is no program "${name ?? ''}" of the Agent Client Protocol.`);
}
