import { z } from 'zod';
import { defineTool } from '../define-tool.ts';
import type { NeededSecret, ToolInstaller } from '../installer.ts';
import type { Tool } from '../tool.ts';

export function toolAuthTool(installer: ToolInstaller): Tool {
  return defineTool({
    name: 'tool_auth',
    description:
      'Which secrets (API keys, logins) an installed tool needs, which are missing, and how the user sets them.',
    schema: z.object({ name: z.string().min(1) }),
    effect: 'pure',
    approval: 'never',
    powers: ['reads-private'],
    async run({ name }) {
      const needs = await installer.needs(name);
      if (!needs.ok) return { ok: false, content: needs.error };
      if (needs.value.length === 0) return { ok: true, content: `${name} needs no secrets.` };
      const missing = needs.value.some(({ isSet }) => !isSet);
      const lines = [...needs.value.map(lineOf), ...(missing ? [NEVER_HERE] : [])];
      return { ok: true, content: lines.join('\n'), origins: [`what the tool ${name} says of itself`] };
    },
  });
}

const NEVER_HERE =
  'Only the user can set a secret. Never ask for its value, and never take it into this conversation.';

function lineOf({ name, isSet, optional, advice, help }: NeededSecret): string {
  if (isSet) return `${name}: set`;
  const state = `${name}: missing${optional ? ' (the tool also works without it)' : ''}`;
  return [`${state}.`, ...(advice === undefined ? [] : [`Its author says: ${advice}`]), help].join(' ');
}
