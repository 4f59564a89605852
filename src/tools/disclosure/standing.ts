import type { ToolDescription } from '../../llm/index.ts';
import { EVERYDAY, FINDER, RARE } from './everyday.ts';

/** How tools stand before anything was said. */
export interface Standing {
  /** Offered whatever is talked about. */
  readonly usual: readonly ToolDescription[];
  /** By name: offered once they are mentioned. */
  readonly others: ReadonlySet<string>;
}

/** @param areFew whether so many can all be offered */
export function standingOf(
  tools: readonly ToolDescription[],
  areFew: (tools: readonly ToolDescription[]) => boolean,
): Standing {
  // Without it the others would not be found.
  if (!tools.some(({ name }) => name === FINDER)) return { usual: tools, others: new Set() };
  const common = tools.filter(({ name }) => !RARE.has(name));
  const usual = areFew(common) ? common : common.filter(({ name }) => EVERYDAY.has(name));
  const isUsual = new Set(usual);
  return { usual, others: new Set(tools.flatMap((tool) => (isUsual.has(tool) ? [] : [tool.name]))) };
}
