import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { coerceError, IronbarkError } from '../../src/core/errors.ts';
import type { ToolDescription } from '../../src/llm/index.ts';
import { catalogue } from './catalogue.ts';
import { type LabelledQuery, labelledQueries } from './queries.ts';

/** Tools, and what is asked for with the tools that do it. */
export interface SearchData {
  readonly name: string;
  readonly tools: readonly ToolDescription[];
  readonly queries: readonly LabelledQuery[];
}

const fileSchema = z.object({
  tools: z.array(
    z.object({
      name: z.string(),
      description: z.string(),
      parameters: z.record(z.string(), z.json()).default({ type: 'object', properties: {} }),
    }),
  ),
  queries: z.array(z.object({ query: z.string(), tools: z.array(z.string()).min(1) })),
});

/** Our own set, or those of the files: `{"tools": [{name, description, parameters}], "queries": [{query, tools}]}`. */
export const readSearchData = async (files: readonly string[]): Promise<readonly SearchData[]> =>
  files.length === 0 ? [ownData()] : Promise.all(files.map(readDataFile));

const ownData = (): SearchData => ({ name: 'own', tools: catalogue(), queries: labelledQueries() });

async function readDataFile(path: string): Promise<SearchData> {
  try {
    const { tools, queries } = fileSchema.parse(JSON.parse(await readFile(path, 'utf8')));
    // Whoever brings other data has tuned nothing by it.
    return { name: path, tools, queries: queries.map((query) => ({ ...query, isHeldOut: true })) };
  } catch (thrown) {
    throw new IronbarkError('usage', `${path} cannot be used: ${coerceError(thrown).message}`);
  }
}
