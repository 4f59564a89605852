import type { ToolDescription } from '../../llm/index.ts';
import { type Standing, standingOf } from './standing.ts';
import { createToolIndex, type ToolIndex } from './tool-index.ts';

/** What is worked out once for a list of tools, and kept as long as the list is. */
export interface ToolSet {
  get(name: string): ToolDescription | undefined;
  readonly standing: Standing;
  /** Whether tools of the list are so few that all can be offered. */
  areFew(tools: readonly ToolDescription[]): boolean;
  /** Made when it is first asked for: some 10 ms for 500 tools. */
  readonly index: ToolIndex;
}

/** The registry gives the same list until its tools change. */
export function toolSetOf(tools: readonly ToolDescription[]): ToolSet {
  const known = sets.get(tools);
  if (known) return known;
  const made = createToolSet(tools);
  sets.set(tools, made);
  return made;
}

const sets = new WeakMap<readonly ToolDescription[], ToolSet>();

/** So much of descriptions is offered whole: about 2,250 tokens. */
const MAX_CHARACTERS = 9_000;

function createToolSet(tools: readonly ToolDescription[]): ToolSet {
  const byName = new Map(tools.map((tool) => [tool.name, tool]));
  const sizes = new Map(tools.map((tool) => [tool, JSON.stringify(tool).length]));
  const areFew = (some: readonly ToolDescription[]): boolean =>
    some.reduce((sum, tool) => sum + (sizes.get(tool) ?? 0), 0) <= MAX_CHARACTERS;
  let index: ToolIndex | undefined;
  return {
    get: (name) => byName.get(name),
    standing: standingOf(tools, areFew),
    areFew,
    get index() {
      index ??= createToolIndex(tools);
      return index;
    },
  };
}
