import { readFileSync } from 'node:fs';
import type { Inspection } from './source-inspection.ts';

/** The module that QuickJS gets: the prelude, the author's source, and what makes a tool of it. */
export interface Composed {
  readonly text: string;
  readonly source: string;
  /** Characters before the source on its first line: columns there are off by as much. Lines are never shifted. */
  readonly offset: number;
}

const IMPORTS =
  "import * as $ironbarkHost from 'near:agent/host@0.4.1';" +
  "import { insecureSeed as $ironbarkSeed } from 'wasi:random/insecure-seed@0.2.12';";

/**
 * The prelude becomes a string that is evaluated on the first line, in front of the source, so that errors and stacks
 * speak of the author's own lines.
 */
export function compose(source: string, { form }: Inspection): Composed {
  const prelude = readFileSync(new URL('../javascript/prelude.js', import.meta.url), 'utf8');
  const head = `${IMPORTS}const $ironbark=(0,eval)(${JSON.stringify(prelude)})($ironbarkHost,$ironbarkSeed);`;
  return { text: `${head}${source}\n${TAILS[form]}`, source, offset: head.length };
}

/** `typeof` asks for a name that may not be declared. */
const TAILS: Readonly<Record<Inspection['form'], string>> = {
  unparsed: '',
  tool: ';$ironbark.check(tool);',
  run:
    ';export const tool=$ironbark.wrap({run,' +
    "description:typeof description==='undefined'?undefined:description," +
    "parameters:typeof parameters==='undefined'?undefined:parameters});",
};
