import { HOST_PATTERN, METHOD } from './allow-rule.ts';
import { type Fields, readSection } from './fields.ts';
import type { Findings, Place } from './findings.ts';
import type { ChannelCapability, RateLimit, Webhook, Websocket } from './manifest.ts';
import { readFlag, readNumber, readText, readTexts } from './read-value.ts';
import {
  HEADER_NAME,
  HEADER_PREFIX,
  SECRET_NAME,
  SERVER_PATH,
  SOCKET_URL,
  WORKSPACE_PATH,
} from './text-rules.ts';

/** The defaults and limits are those of the `near:agent` channel interface; the longest callback is ours. */
const MIN_POLL_MS = 30_000;
const MAX_POLL_MS = 86_400_000;
const MAX_MESSAGE_BYTES = 65_536;

/** A channel and its webhook, which stands inside of its section. */
export function readChannel(
  findings: Findings,
  place: Place | undefined,
): { readonly channel: ChannelCapability; readonly webhook: Webhook | null } | undefined {
  return readSection(findings, place, (fields) => {
    const webhook = readWebhook(findings, fields.take('webhook'));
    return { channel: channelOf(findings, fields), webhook };
  });
}

function channelOf(findings: Findings, { take }: Fields): ChannelCapability {
  return {
    allowedPaths: readTexts(findings, take('allowed_paths'), SERVER_PATH),
    allowPolling: readFlag(findings, take('allow_polling'), false),
    minPollIntervalMs: readNumber(findings, take('min_poll_interval_ms'), {
      fallback: MIN_POLL_MS,
      most: MAX_POLL_MS,
      raisedTo: MIN_POLL_MS,
    }),
    workspacePrefix: readText(findings, take('workspace_prefix'), WORKSPACE_PATH),
    durableWorkspacePaths: readTexts(findings, take('durable_workspace_paths'), WORKSPACE_PATH),
    emitRateLimit: readEmitRateLimit(findings, take('emit_rate_limit')),
    maxMessageBytes: readNumber(findings, take('max_message_size'), {
      fallback: MAX_MESSAGE_BYTES,
      most: MAX_MESSAGE_BYTES,
    }),
    callbackTimeoutMs:
      1000 * readNumber(findings, take('callback_timeout_secs'), { fallback: 30, most: 300 }),
  };
}

function readEmitRateLimit(findings: Findings, place: Place | undefined): RateLimit {
  const read = ({ take }: Fields): RateLimit => ({
    perMinute: readNumber(findings, take('messages_per_minute'), { fallback: 100, most: 100 }),
    perHour: readNumber(findings, take('messages_per_hour'), { fallback: 5000, most: 5000 }),
  });
  return readSection(findings, place, read) ?? { perMinute: 100, perHour: 5000 };
}

export function readWebhook(findings: Findings, place: Place | undefined): Webhook | null {
  const read = ({ take }: Fields): Webhook => ({
    secretHeader: readText(findings, take('secret_header'), HEADER_NAME),
    secretName: readText(findings, take('secret_name'), SECRET_NAME),
    signatureKeySecretName: readText(findings, take('signature_key_secret_name'), SECRET_NAME),
    hmacSecretName: readText(findings, take('hmac_secret_name'), SECRET_NAME),
    hmacSignatureHeader: readText(findings, take('hmac_signature_header'), HEADER_NAME),
    hmacTimestampHeader: readText(findings, take('hmac_timestamp_header'), HEADER_NAME),
    hmacPrefix: readText(findings, take('hmac_prefix'), HEADER_PREFIX),
    managedByHost: readFlag(findings, take('managed_by_host'), true),
    methods: readTexts(findings, take('methods'), METHOD),
  });
  return readSection(findings, place, read) ?? null;
}

export function readWebsocket(findings: Findings, place: Place | undefined): Websocket | null {
  const read = ({ take, takeRest }: Fields): Websocket => ({
    url: readText(findings, take('url'), SOCKET_URL),
    connectHosts: readTexts(findings, take('allowed_connect_hosts'), HOST_PATTERN),
    connectOnStart: readFlag(findings, take('connect_on_start'), false),
    settings: takeRest(),
  });
  return readSection(findings, place, read) ?? null;
}
