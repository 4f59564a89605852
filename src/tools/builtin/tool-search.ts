import { z } from 'zod';
import { defineTool } from '../define-tool.ts';
import { FINDER } from '../disclosure/everyday.ts';
import { renderTools } from '../disclosure/signature.ts';
import { toolSetOf } from '../disclosure/tool-set.ts';
import { usableBy } from '../disclosure/usable-tools.ts';
import type { ToolRegistry } from '../registry.ts';
import type { Tool, ToolOutput } from '../tool.ts';

/**
 * Finds tools by what they do. What it finds is offered from then on. What tools say of themselves is no stranger's
 * word here: the user installed them, and every model is told it anyway.
 */
export function toolSearchTool(registry: () => ToolRegistry): Tool {
  return defineTool({
    name: FINDER,
    description: 'Find more tools than those you see, by what they do. What it finds you can call at once.',
    schema: z.object({
      query: z.string().min(1).describe('what it should do'),
      limit: z.int().min(1).max(20).default(5),
    }),
    effect: 'pure',
    approval: 'never',
    powers: [],
    run({ query, limit }, { agent }): ToolOutput {
      const tools = registry().descriptions();
      const usable = new Set(usableBy(agent, tools));
      const found = toolSetOf(tools)
        .index.search(query, tools.length)
        .flatMap(({ tool }) => (usable.has(tool) && tool.name !== FINDER ? [tool] : []))
        .slice(0, limit);
      if (found.length > 0) return { ok: true, content: renderTools(found) };
      return { ok: true, content: `No tool fits "${query.slice(0, 100)}". Try other words, or tool_list.` };
    },
  });
}
