/// <reference lib="esnext.temporal" />
import { z } from 'zod';
import type { Clock } from '../../core/clock.ts';
import {
  documentPath,
  type Memory,
  type MemoryDocument,
  recalledOrigins,
  useStatements,
} from '../../memory/index.ts';
import { MAX_SHOWN_BYTES } from '../../safety/index.ts';
import { defineTool } from '../define-tool.ts';
import type { Tool, ToolOutput } from '../tool.ts';

const schema = z.object({
  path: z.string().min(1).describe('as in memory_tree, or memory, daily_log (today), heartbeat'),
  version: z.int().min(1).optional().describe('an earlier one'),
  list_versions: z.boolean().optional(),
  sources: z.boolean().optional().describe('who said what'),
  offset: z.int().min(1).default(1).describe('first line'),
});

/** What fits into one view of the model, with room for the closing remark. */
const PAGE_BYTES = MAX_SHOWN_BYTES - 200;

export function memoryReadTool(memory: Memory, clock: Clock): Tool {
  return defineTool({
    name: 'memory_read',
    description: 'Read a document of memory.',
    schema,
    effect: 'pure',
    approval: 'never',
    powers: ['reads-private'],
    async run(args, { timezone }) {
      const today = Temporal.Instant.fromEpochMilliseconds(clock.now())
        .toZonedDateTimeISO(timezone)
        .toPlainDate();
      const place = documentPath(args.path, today.toString());
      if (!place.ok) return { ok: false, content: place.error };
      if (args.list_versions) return listVersions(memory, place.value);
      const output = await readOne(memory, place.value, args);
      if (!output.ok) return output;
      return { ...output, writes: useStatements([{ path: place.value, text: output.content }], clock.now()) };
    },
  });
}

async function readOne(
  memory: Memory,
  path: string,
  { version, sources, offset }: z.output<typeof schema>,
): Promise<ToolOutput> {
  const document = await memory.read(path, version);
  if (!document) return missing(path, version);
  const origins = recalledOrigins('document', path, document.origins);
  const content = sources ? await explained(memory, path) : document.content;
  return { ok: true, content: page({ ...document, content }, offset), origins };
}

function missing(path: string, version: number | undefined): ToolOutput {
  const what = version === undefined ? `no document ${path}` : `no version ${version} of ${path}`;
  return { ok: false, content: `There is ${what}. Use memory_tree or memory_search to find what there is.` };
}

/** Each passage with where it comes from. */
async function explained(memory: Memory, path: string): Promise<string> {
  const passages = await memory.explain(path);
  return passages
    .map(({ text, sources }) => `${text}\n  [${sources.map(({ says }) => says).join(' ')}]`)
    .join('\n');
}

/** The lines from there on, as many as fit into one view; and where to go on. */
function page({ content, version }: MemoryDocument, offset: number): string {
  if (content === '') return '[The document is empty.]';
  if (offset === 1 && Buffer.byteLength(content) <= PAGE_BYTES) return content;
  const lines = content.split('\n');
  if (offset > lines.length) return `[The document ends at line ${lines.length}.]`;
  const shown = fitting(lines.slice(offset - 1));
  const next = offset + shown.length;
  const rest = lines.length - next + 1;
  const more = `\n[${rest} more of ${lines.length} lines of version ${version}. Continue with offset ${next}.]`;
  return shown.join('\n') + (rest > 0 ? more : '');
}

/** The first is shown however long it is. */
function fitting(lines: readonly string[]): readonly string[] {
  let room = PAGE_BYTES;
  const end = lines.findIndex((line, at) => {
    room -= Buffer.byteLength(line) + 1;
    return at > 0 && room < 0;
  });
  return end < 0 ? lines : lines.slice(0, end);
}

async function listVersions(memory: Memory, path: string): Promise<ToolOutput> {
  const versions = await memory.versions(path);
  if (versions.length === 0) return { ok: false, content: `There is no document ${path}.` };
  const lines = versions.map(
    ({ version, characters, changedAt }) => `${version}\t${changedAt}\t${characters} characters`,
  );
  return { ok: true, content: lines.join('\n') };
}
