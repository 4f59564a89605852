import { z } from 'zod';
import { ok } from '../../core/result.ts';
import { type Memory, normalisePath, recalledOrigins, type TreeEntry } from '../../memory/index.ts';
import { unitedOrigins } from '../../safety/index.ts';
import { defineTool } from '../define-tool.ts';
import type { Tool } from '../tool.ts';

export function memoryTreeTool(memory: Memory): Tool {
  return defineTool({
    name: 'memory_tree',
    description: 'List the documents of memory.',
    schema: z.object({
      path: z.string().optional().describe('a folder'),
      depth: z.int().min(1).max(10).default(1),
    }),
    effect: 'pure',
    approval: 'never',
    powers: ['reads-private'],
    async run({ path = '', depth }) {
      const folder = isWhole(path) ? ok('') : normalisePath(path);
      if (!folder.ok) return { ok: false, content: folder.error };
      const entries = await memory.tree(folder.value, depth);
      const content = entries.map((entry) => render(memory, entry)).join('\n') || '[Nothing is there.]';
      const origins = entries.flatMap((entry) => recalledOrigins(entry.type, entry.path, entry.origins));
      return { ok: true, content, origins: unitedOrigins(origins) };
    },
  });
}

/** Models write `/` or `.` for the top. */
const isWhole = (path: string): boolean => /^[\s./\\]*$/.test(path) && !path.includes('..');

function render(memory: Memory, entry: TreeEntry): string {
  return entry.type === 'folder'
    ? `${entry.path}/ (${entry.documents}${layerAt(memory, entry.path)})`
    : `${entry.path} (${entry.characters} characters, ${entry.updatedAt.slice(0, 10)})`;
}

/** What is said of a folder with which a layer begins. */
function layerAt({ layers }: Memory, folder: string): string {
  const layer = layers.find((each) => each.folder !== '' && each.folder === folder);
  if (!layer) return '';
  return `; layer ${layer.name}, ${layer.sensitivity}${layer.writable ? '' : ', read-only'}`;
}
