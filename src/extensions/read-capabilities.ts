import { type Fields, readSection } from './fields.ts';
import type { Findings, Place } from './findings.ts';
import type { Capabilities, ToolInvokeCapability } from './manifest.ts';
import { readChannel, readWebhook, readWebsocket } from './read-channel.ts';
import { readHttp, readRateLimit } from './read-http.ts';
import { readEntries, readText, readTexts } from './read-value.ts';
import { NAME, SECRET_GLOB, WORKSPACE_PATH } from './text-rules.ts';

export function readCapabilities(findings: Findings, { take }: Fields): Capabilities {
  const webhook = take('webhook');
  const channel = readChannel(findings, take('channel'));
  if (webhook !== undefined && channel?.webhook)
    findings.trouble(webhook.path, 'is given twice: keep the one in the section "channel"');
  return {
    http: readHttp(findings, take('http')),
    secrets: { allowedNames: readNames(findings, take('secrets')) },
    toolInvoke: readToolInvoke(findings, take('tool_invoke')),
    workspace: { allowedPrefixes: readPrefixes(findings, take('workspace')) },
    webhook: channel?.webhook ?? readWebhook(findings, webhook),
    websocket: readWebsocket(findings, take('websocket')),
    channel: channel?.channel ?? null,
  };
}

function readNames(findings: Findings, place: Place | undefined): readonly string[] {
  const read = ({ take }: Fields) => readTexts(findings, take('allowed_names'), SECRET_GLOB);
  return readSection(findings, place, read) ?? [];
}

function readPrefixes(findings: Findings, place: Place | undefined): readonly string[] {
  const read = ({ take }: Fields) => readTexts(findings, take('allowed_prefixes'), WORKSPACE_PATH);
  return readSection(findings, place, read) ?? [];
}

function readToolInvoke(findings: Findings, place: Place | undefined): ToolInvokeCapability | null {
  const capability = readSection(findings, place, ({ take }) => ({
    aliases: readAliases(findings, take('aliases')),
    rateLimit: readRateLimit(findings, take('rate_limit')),
  }));
  if (capability === undefined || Object.keys(capability.aliases).length > 0) return capability ?? null;
  findings.note(place?.path ?? '$.tool_invoke', 'names no tool, so none may be called');
  return null;
}

function readAliases(findings: Findings, place: Place | undefined): Readonly<Record<string, string>> {
  const aliases: Record<string, string> = Object.create(null);
  readEntries(findings, place, (written, inner) => {
    const alias = readText(findings, { path: inner.path, value: written }, NAME);
    const tool = readText(findings, inner, NAME);
    if (alias !== undefined && tool !== undefined) aliases[alias] = tool;
    return undefined;
  });
  return aliases;
}
