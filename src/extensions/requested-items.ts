import { createHash } from 'node:crypto';
import { isJsonObject, type Json } from '../core/json.ts';
import type { AllowRule } from '../network/index.ts';
import type {
  Capabilities,
  ChannelCapability,
  Credential,
  CredentialLocation,
  Webhook,
  Websocket,
} from './manifest.ts';

/** One thing that an extension asks for. */
export interface RequestedItem {
  /** Canonical: two items with the same id are exactly the same power. Stored with approvals, so it must not change. */
  readonly id: string;
  /** For the person who decides. */
  readonly words: string;
}

/**
 * What a manifest asks for, each item once. Limits of rate, size and time are no items: the host's own limits bound
 * them all. Linear in the manifest.
 */
export function requestedItems(capabilities: Capabilities): readonly RequestedItem[] {
  const { http, secrets, toolInvoke, workspace, webhook, websocket, channel } = capabilities;
  const items = [
    ...(http?.allowlist ?? []).map(ruleItem),
    ...(http?.credentials ?? []).map(credentialItem),
    ...secrets.allowedNames.map(secretItem),
    ...Object.entries(toolInvoke?.aliases ?? {}).map(([alias, tool]) => toolItem(alias, tool)),
    ...workspace.allowedPrefixes.map(workspaceItem),
    ...(webhook ? [webhookItem(webhook)] : []),
    ...(websocket ? [websocketItem(websocket)] : []),
    ...(channel ? [channelItem(channel)] : []),
  ];
  return [...new Map(items.map((item) => [item.id, item])).values()];
}

export function ruleItem({ host, pathPrefix, methods }: AllowRule): RequestedItem {
  const verbs = sortedOnce(methods);
  const where = pathPrefix === '/' ? host : `${host} under ${pathPrefix}`;
  const what = verbs.length === 0 ? 'requests of any kind' : `${listed(verbs)} requests`;
  return item('http', [host, pathPrefix, verbs], `Send ${what} to ${named(where)}`);
}

export function credentialItem(credential: Credential): RequestedItem {
  const { secretName, location } = credential;
  const hosts = sortedOnce(credential.hostPatterns);
  const paths = sortedOnce(credential.pathPatterns);
  const where = `${listed(hosts.map(named))}${paths.length > 0 ? `, paths ${listed(paths)}` : ''}`;
  const power: Json = [secretName, { ...location }, hosts, paths];
  return item('credential', power, `Use your secret ${secretName} ${use(location)}, only to ${where}`);
}

function use(location: CredentialLocation): string {
  switch (location.type) {
    case 'bearer':
      return 'as the Authorization header';
    case 'basic':
      return `as the password of the user "${location.username}"`;
    case 'header':
      return `as the ${location.name} header${location.prefix ? ` after "${location.prefix}"` : ''}`;
    case 'query_param':
      return `as ${location.name} in the address's query`;
    case 'url_path':
      return `in place of ${location.placeholder} in the address`;
  }
}

export function secretItem(glob: string): RequestedItem {
  const names = glob === '*' ? 'any secrets' : `secrets named ${glob}`;
  const words = glob.includes('*')
    ? `See whether ${names} exist (never their values)`
    : `See whether the secret ${glob} exists (never its value)`;
  return item('secret-exists', [glob], words);
}

export function toolItem(alias: string, tool: string): RequestedItem {
  return item('tool', [alias, tool], `Call the tool ${tool} under the name ${alias}`);
}

export function workspaceItem(prefix: string): RequestedItem {
  return item('workspace', [prefix], `Read notes under ${prefix}`);
}

export function webhookItem(webhook: Webhook): RequestedItem {
  const { secretName, hmacSecretName, signatureKeySecretName, methods } = webhook;
  const secrets = [secretName, hmacSecretName, signatureKeySecretName].filter((name) => name !== undefined);
  const proof = secrets.length > 0 ? `checked with your secret ${listed(secrets)}` : 'without a secret';
  const power = { ...webhook, methods: sortedOnce(methods) };
  return item('webhook', withoutGaps(power), `Receive requests from the internet, ${proof}`);
}

/** What else the section holds belongs to a protocol that is not known here, so any change of it is another power. */
export function websocketItem({ url, connectHosts, connectOnStart, settings }: Websocket): RequestedItem {
  const hosts = sortedOnce(connectHosts);
  const places = listed([...(url === undefined ? [] : [url]), ...hosts.map(named)]);
  const digest = createHash('sha256').update(canonical(settings)).digest('hex');
  const power: Json = [url ?? null, hosts, connectOnStart, digest];
  return item(
    'websocket',
    power,
    `Keep a connection open to ${places || 'a service'} (settings ${digest.slice(0, 8)})`,
  );
}

export function channelItem(channel: ChannelCapability): RequestedItem {
  const { allowPolling, workspacePrefix } = channel;
  const paths = sortedOnce(channel.allowedPaths);
  const durable = sortedOnce(channel.durableWorkspacePaths);
  const ways = [
    ...(paths.length > 0 ? [`sent to ${listed(paths)}`] : []),
    ...(allowPolling ? ['fetched by itself'] : []),
    ...(workspacePrefix === undefined ? [] : [`keeping notes under ${workspacePrefix}`]),
    ...(durable.length > 0 ? [`for good in ${listed(durable)}`] : []),
  ];
  const words = ['Bring in messages from outside, and answer them', ...ways].join(', ');
  return item('channel', [paths, allowPolling, workspacePrefix ?? null, durable], words);
}

const item = (kind: string, power: Json, words: string): RequestedItem => ({
  id: `${kind}:${canonical(power)}`,
  words,
});

/** JSON with sorted keys: the same for what is equal. */
function canonical(value: Json): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (!isJsonObject(value)) return JSON.stringify(value);
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${entries.map(([key, inner]) => `${JSON.stringify(key)}:${canonical(inner)}`).join(',')}}`;
}

function withoutGaps(fields: Readonly<Record<string, Json | undefined>>): Json {
  const entries = Object.entries(fields).flatMap(([key, value]) =>
    value === undefined ? [] : [[key, value] as const],
  );
  return Object.fromEntries(entries);
}

const sortedOnce = (texts: readonly string[]): readonly string[] => [...new Set(texts)].sort();

const LIST = new Intl.ListFormat('en');

const listed = (texts: readonly string[]): string => LIST.format(texts);

const named = (host: string): string => (host.startsWith('*.') ? `any host below ${host.slice(2)}` : host);
