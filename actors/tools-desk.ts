import type { Grant, GrantRequest } from '../src/core/assistant.ts';
import { IronbarkError } from '../src/core/errors.ts';
import type { PermissionState, ToolInfo, ToolPermission, ToolsDesk } from '../src/core/tools.ts';
import { OWNER } from '../src/core/user.ts';
import type { Tool } from '../src/tools/index.ts';
import type { Environment } from './environment.ts';

type Parts = Pick<Environment, 'tools' | 'policy' | 'audit'>;

/** What a person does with tools: those of the registry, and what the policy knows of them. */
export function createToolsDesk(
  { tools, policy, audit }: Parts,
  addGrant: (request: GrantRequest) => Promise<Grant>,
): ToolsDesk {
  async function permit(name: string, state: PermissionState | 'default'): Promise<ToolPermission> {
    const tool = tools.get(name);
    if (!tool) throw new IronbarkError('usage', tools.missing(name));
    const { rule, grant, revoke } = await policy.permissions.plan(tool, state);
    await policy.setRule(name, rule);
    if (grant) await addGrant({ tool: name, targets: [], influenced: false });
    for (const grantId of revoke) await policy.revoke(grantId);
    await audit.write([
      { kind: 'permission.set', tool: name, user: OWNER, message: `From now on: ${state}.` },
    ]);
    const [permission] = await policy.permissions.of([tool]);
    if (!permission) throw new IronbarkError('internal', 'A tool has one permission.');
    return permission;
  }

  return {
    list: () => tools.list().map((tool) => infoOf(tool, tools.isBuiltin(tool.name))),
    permissions: () => policy.permissions.of(tools.list()),
    permit,
  };
}

const infoOf = (tool: Tool, isBuiltin: boolean): ToolInfo => ({
  name: tool.name,
  description: tool.description,
  source: isBuiltin ? 'builtin' : 'extension',
  powers: tool.powers,
  approval: tool.approval,
  parameters: tool.parameters,
  version: tool.version ?? null,
});
