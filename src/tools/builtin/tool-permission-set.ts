import { z } from 'zod';
import type { Grant } from '../../core/assistant.ts';
import type { Policy } from '../../policy/index.ts';
import { defineTool } from '../define-tool.ts';
import type { ToolRegistry } from '../registry.ts';
import type { Tool, ToolContext, ToolOutput } from '../tool.ts';

/** What the user allowed for good. */
export type Permissions = Pick<Policy, 'grants' | 'addStatement' | 'revoke'>;

interface Services {
  readonly registry: () => ToolRegistry;
  readonly permissions: () => Permissions;
  readonly now: () => number;
}

type Wanted = 'read' | 'allow' | 'ask' | 'unknown';

/** Other words for the two states, as models send them. */
const STATES: ReadonlyMap<string, Wanted> = new Map([
  ['', 'read'],
  ['allow', 'allow'],
  ['always_allow', 'allow'],
  ['always', 'allow'],
  ['ask', 'ask'],
  ['ask_each_time', 'ask'],
]);

const wantedBy = (state = ''): Wanted => STATES.get(state.trim().toLowerCase()) ?? 'unknown';

export function toolPermissionSetTool(services: Services): Tool {
  return defineTool({
    name: 'tool_permission_set',
    description: 'Read or set whether a tool may run without asking the user.',
    schema: z.object({
      tool_name: z.string().min(1),
      state: z.string().optional().describe('allow, or ask: takes back what was allowed. Omit to read'),
    }),
    effect: 'idempotent',
    approval: 'always',
    approvalOf: ({ state }) => (wantedBy(state) === 'read' ? 'never' : 'always'),
    powers: ['changes'],
    powersOf: ({ state }) => (wantedBy(state) === 'read' ? ['reads-private'] : ['changes']),
    summary: ({ tool_name, state }) =>
      wantedBy(state) === 'allow'
        ? `From now on let ${tool_name} run with any arguments without asking you, where no words from outside had a hand in the call.`
        : `From now on ask you again before ${tool_name} runs: all that you allowed it is taken back.`,
    refusal: async ({ tool_name, state }) => refusalOf(services.registry(), tool_name, wantedBy(state)),
    async run({ tool_name, state }, context) {
      const wanted = wantedBy(state);
      const refusal = refusalOf(services.registry(), tool_name, wanted);
      if (refusal !== undefined) return { ok: false, content: refusal };
      if (wanted === 'allow') return allow(services, tool_name, context);
      const granted = (await services.permissions().grants()).filter(({ tool }) => tool === tool_name);
      return wanted === 'ask' ? takeBack(services, tool_name, granted) : tell(services, tool_name, granted);
    },
  });
}

function refusalOf(registry: ToolRegistry, name: string, wanted: Wanted): string | undefined {
  const tool = registry.get(name);
  if (!tool) return registry.missing(name);
  if (wanted === 'unknown')
    return 'The state can be allow or ask. Only the administrator’s policy file can forbid a tool; see `ironbark policy`.';
  if (wanted === 'allow' && tool.approval === 'always')
    return `${name} is asked about each time, whatever was allowed.`;
  return undefined;
}

function allow({ registry, permissions, now }: Services, name: string, context: ToolContext): ToolOutput {
  const tool = registry().get(name);
  if (!tool) return { ok: false, content: registry().missing(name) };
  const grant = permissions().addStatement({
    request: { tool: name, targets: [], influenced: false },
    tool,
    // The same effect again is the same grant.
    grantId: context.effectId,
    at: new Date(now()).toISOString(),
  });
  return {
    ok: true,
    content: `${name} runs without asking from now on, where no words from outside had a hand in the call.`,
    writes: [grant],
    audit: [{ kind: 'grant.given', tool: name, message: 'Granted beforehand: any arguments.' }],
  };
}

async function takeBack(
  { permissions }: Services,
  name: string,
  granted: readonly Grant[],
): Promise<ToolOutput> {
  for (const { grantId } of granted) await permissions().revoke(grantId);
  if (granted.length === 0) return { ok: true, content: `Nothing was allowed to ${name}.` };
  return {
    ok: true,
    content: `Taken back of ${name}: ${granted.map(({ scope }) => scope).join('; ')}.`,
    audit: granted.map(({ scope }) => ({
      kind: 'grant.revoked',
      tool: name,
      message: `Taken back: ${scope}.`,
    })),
  };
}

function tell({ registry }: Services, name: string, granted: readonly Grant[]): ToolOutput {
  const approval = registry().get(name)?.approval ?? 'always';
  if (approval === 'unless-granted' && granted.length === 0)
    return { ok: true, content: `${name}: the user is asked; nothing is allowed for good.` };
  const allowed = granted.map(
    ({ scope, expiresAt, outdated }) =>
      `- ${scope}${expiresAt === null ? '' : `, until ${expiresAt}`}${outdated ? ' (the tool has changed since, so this counts no more)' : ''}`,
  );
  return { ok: true, content: [`${name}: ${STANDING[approval]}`, ...allowed].join('\n') };
}

const STANDING: Readonly<Record<Tool['approval'], string>> = {
  never: 'needs no permission.',
  'unless-granted': 'the user is asked, but for what they allowed for good:',
  always: 'the user is asked each time.',
};
