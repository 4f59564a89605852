import { z } from 'zod';
import { defineTool } from '../define-tool.ts';
import { signatureOf } from '../disclosure/signature.ts';
import type { ToolRegistry } from '../registry.ts';
import type { Power, Tool } from '../tool.ts';

type Detail = 'names' | 'summary' | 'schema';

export function toolInfoTool(registry: () => ToolRegistry): Tool {
  return defineTool({
    name: 'tool_info',
    description: 'What one tool does and takes.',
    schema: z.object({
      name: z.string().min(1),
      detail: z.enum(['names', 'summary', 'schema']).default('names').describe('names: of its arguments'),
    }),
    effect: 'pure',
    approval: 'never',
    powers: [],
    run({ name, detail }) {
      const tools = registry();
      const tool = tools.get(name);
      if (!tool) return { ok: false, content: tools.missing(name) };
      return { ok: true, content: describe(tool, detail) };
    },
  });
}

function describe(tool: Tool, detail: Detail): string {
  if (detail === 'schema') return JSON.stringify(tool.parameters);
  const line = signatureOf(tool);
  return detail === 'names'
    ? line
    : [line, tool.description, powerText(tool), APPROVALS[tool.approval]].join('\n');
}

const APPROVALS: Readonly<Record<Tool['approval'], string>> = {
  never: 'Runs without asking, unless words from outside had a hand in a call with consequences.',
  'unless-granted': 'The user is asked, unless they allowed it before.',
  always: 'The user is asked each time.',
};

const POWERS: Readonly<Record<Power, string>> = {
  'reads-private': 'read what is the user’s own',
  sends: 'send something out',
  changes: 'change something',
  spends: 'spend money',
  'runs-code': 'run programs',
};

function powerText({ powers }: Tool): string {
  if (powers.length === 0) return 'It only computes, or looks at what is everybody’s.';
  return `It can ${powers.map((power) => POWERS[power]).join(', ')}.`;
}
