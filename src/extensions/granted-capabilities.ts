import type { Capabilities, HttpCapability, ToolInvokeCapability } from './manifest.ts';
import {
  channelItem,
  credentialItem,
  type RequestedItem,
  ruleItem,
  secretItem,
  toolItem,
  webhookItem,
  websocketItem,
  workspaceItem,
} from './requested-items.ts';

/**
 * What a manifest asks for, cut down to the items whose ids were approved. Nothing approved leaves nothing,
 * everything leaves all; an id that the manifest does not ask for adds nothing.
 */
export function grantedCapabilities(capabilities: Capabilities, approved: ReadonlySet<string>): Capabilities {
  const { http, secrets, toolInvoke, workspace, webhook, websocket, channel } = capabilities;
  const has = ({ id }: RequestedItem): boolean => approved.has(id);
  return {
    http: http && grantedHttp(http, has),
    secrets: { allowedNames: secrets.allowedNames.filter((glob) => has(secretItem(glob))) },
    toolInvoke: toolInvoke && grantedTools(toolInvoke, has),
    workspace: { allowedPrefixes: workspace.allowedPrefixes.filter((prefix) => has(workspaceItem(prefix))) },
    webhook: webhook && has(webhookItem(webhook)) ? webhook : null,
    websocket: websocket && has(websocketItem(websocket)) ? websocket : null,
    channel: channel && has(channelItem(channel)) ? channel : null,
  };
}

type Test = (item: RequestedItem) => boolean;

function grantedHttp(http: HttpCapability, has: Test): HttpCapability | null {
  const allowlist = http.allowlist.filter((rule) => has(ruleItem(rule)));
  if (allowlist.length === 0) return null;
  return { ...http, allowlist, credentials: http.credentials.filter((one) => has(credentialItem(one))) };
}

function grantedTools(toolInvoke: ToolInvokeCapability, has: Test): ToolInvokeCapability | null {
  const aliases: Record<string, string> = Object.create(null);
  for (const [alias, tool] of Object.entries(toolInvoke.aliases)) {
    if (has(toolItem(alias, tool))) aliases[alias] = tool;
  }
  return Object.keys(aliases).length === 0 ? null : { ...toolInvoke, aliases };
}
