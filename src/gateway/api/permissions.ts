import type { FastifyInstance } from 'fastify';
import { ToolsReply } from '../../core/api/extensions.ts';
import {
  type ToolPermission as PermissionShape,
  ToolPermissionBody,
  ToolPermissionParams,
  ToolPermissionReply,
  ToolPermissionsReply,
} from '../../core/api/settings.ts';
import type { Grant } from '../../core/assistant.ts';
import { ok } from '../../core/result.ts';
import type { ToolInfo, ToolPermission } from '../../core/tools.ts';
import type { ApiContext } from './context.ts';
import { explained } from './explained.ts';
import { notFound } from './failure.ts';
import { addRoute } from './route.ts';

/** The tools, and what may be done with them without asking. */
export function addPermissions(app: FastifyInstance, { assistant: { tools } }: ApiContext): void {
  addRoute(app, {
    method: 'GET',
    url: '/api/tools',
    tag: 'extensions',
    summary: 'Every tool, built in or from outside.',
    answer: ToolsReply,
    run: async () => ok({ tools: tools.list() }),
  });
  addRoute(app, {
    method: 'GET',
    url: '/api/settings/tools',
    tag: 'settings',
    summary: 'What each tool may do without asking, what was granted of it, and who decides.',
    answer: ToolPermissionsReply,
    run: () =>
      explained(async () => {
        const permissions = new Map((await tools.permissions()).map((one) => [one.tool, one]));
        return {
          tools: tools.list().flatMap((tool) => {
            const permission = permissions.get(tool.name);
            return permission === undefined ? [] : [toPermission(tool, permission)];
          }),
        };
      }),
  });
  addRoute(app, {
    method: 'PUT',
    url: '/api/settings/tools/:name',
    tag: 'settings',
    summary: 'Decides about a whole tool, from its next call on; `default` leaves it to the tool again.',
    params: ToolPermissionParams,
    body: ToolPermissionBody,
    answer: ToolPermissionReply,
    async run({ params: { name }, body }) {
      const tool = tools.list().find((one) => one.name === name);
      if (tool === undefined) return notFound(`There is no tool named ${name}.`);
      return explained(async () => ({ tool: toPermission(tool, await tools.permit(name, body.state)) }));
    },
  });
}

function toPermission(tool: ToolInfo, permission: ToolPermission): PermissionShape {
  const { state, declared, states, locked, grants } = permission;
  return {
    name: tool.name,
    description: tool.description,
    source: tool.source,
    powers: tool.powers,
    current_state: state,
    default_state: declared,
    states,
    locked: locked !== null,
    ...(locked !== null && { locked_reason: locked }),
    grants: grants.map(toGrant),
  };
}

const toGrant = (grant: Grant) => ({
  grant_id: grant.grantId,
  scope: grant.scope,
  granted_at: grant.grantedAt,
  expires_at: grant.expiresAt,
  thread_id: grant.conversationId,
  influenced: grant.influenced,
  outdated: grant.outdated,
});
