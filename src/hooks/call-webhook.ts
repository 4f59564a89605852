import { createHmac } from 'node:crypto';
import { z } from 'zod';
import { err, ok, type Result } from '../core/result.ts';
import { fetchPublic, type OutgoingRequest, type Resolver, type Transport } from '../network/index.ts';
import type { RedactText } from '../safety/index.ts';
import type { HookEvent } from './event.ts';
import type { Act, Hook, HookResult, Webhook } from './hook.ts';

export interface WebhookServices {
  readonly transport: Transport;
  readonly resolver: Resolver;
  /** What goes out is scanned: no secret leaves with it. */
  readonly redact: RedactText;
  /** The value of a secret by its name. */
  readonly readSecret: (name: string) => Promise<string | undefined>;
  /** Told of what went wrong with a webhook that nobody waits for. */
  readonly onTrouble: (hook: string, trouble: string) => void;
}

/** A server of a webhook answers at once, or is late. */
const LONGEST_MS = 2_000;
const MAX_IN_FLIGHT = 32;
const MAX_ANSWER_BYTES = 256 * 1024;
const AS_IT_WAS: HookResult = { kind: 'as-it-was' };

/**
 * Tells a server of the event: `POST` of JSON `{hook, point, conversation, channel, tool, text}`, signed with
 * HMAC-SHA-256 of the body in `x-ironbark-signature: sha256=<hex>` where the hook names a secret. One that decides answers
 * with JSON `{decision: "continue" | "reject", text?, reason?}`.
 */
export function createWebhooks(services: WebhookServices): Act<'webhook'> {
  let inFlight = 0;

  async function call(
    hook: Hook,
    webhook: Webhook,
    event: HookEvent,
    signal: AbortSignal,
  ): Promise<HookResult> {
    if (inFlight >= MAX_IN_FLIGHT) throw new Error(`more than ${MAX_IN_FLIGHT} webhooks are under way`);
    inFlight++;
    try {
      const answer = await post(services, hook, webhook, event, signal);
      if (!answer.ok) throw new Error(answer.error);
      return webhook.decides ? decisionOf(answer.value) : AS_IT_WAS;
    } finally {
      inFlight--;
    }
  }

  return async (hook, webhook, event, signal) => {
    if (webhook.decides) return call(hook, webhook, event, signal);
    // Nobody waits for one that is only told, and its call outlives the turn's.
    call(hook, webhook, event, AbortSignal.timeout(LONGEST_MS)).catch((error: unknown) =>
      services.onTrouble(hook.name, String(error)),
    );
    return AS_IT_WAS;
  };
}

async function post(
  services: WebhookServices,
  hook: Hook,
  webhook: Webhook,
  event: HookEvent,
  signal: AbortSignal,
): Promise<Result<Uint8Array, string>> {
  const { text } = await services.redact(event.text);
  const { point, conversationId, channel, tool } = event;
  const body = JSON.stringify({ hook: hook.name, point, conversation: conversationId, channel, tool, text });
  const headers = [
    ['content-type', 'application/json'] as const,
    ...(await signature(services, webhook, body)),
  ];
  const timeoutMs = Math.min(LONGEST_MS, hook.timeoutMs);
  const request = { method: 'POST', url: webhook.url, headers, body: new Uint8Array(Buffer.from(body)) };
  return webhook.url.startsWith('http:')
    ? askThisMachine(request, AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]))
    : askPublic(services, request, timeoutMs, signal);
}

type Request = OutgoingRequest & { readonly body: Uint8Array<ArrayBuffer> };

async function askPublic(
  { transport, resolver }: WebhookServices,
  request: Request,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<Result<Uint8Array, string>> {
  const limits = { maxResponseBytes: MAX_ANSWER_BYTES, timeoutMs, signal };
  const answer = await fetchPublic(request, { transport, resolver, ...limits });
  if (!answer.ok) return err(answer.error.message);
  const { status, body } = answer.value;
  return isFine(status) ? ok(body) : err(`the server answered ${status}`);
}

/** The owner wrote the address, and it is this machine's: the rules for strangers' addresses are not for it. */
async function askThisMachine(
  { method, url, headers, body }: Request,
  signal: AbortSignal,
): Promise<Result<Uint8Array, string>> {
  const sent = headers.map(([name, value]): [string, string] => [name, value]);
  const response = await fetch(url, { method, headers: sent, body, signal, redirect: 'error' });
  const bytes = new Uint8Array(await response.arrayBuffer());
  if (!isFine(response.status)) return err(`the server answered ${response.status}`);
  return bytes.length > MAX_ANSWER_BYTES ? err('the answer is too long') : ok(bytes);
}

const isFine = (status: number): boolean => status >= 200 && status < 300;

async function signature({ readSecret }: WebhookServices, { secret }: Webhook, body: string) {
  if (secret === undefined) return [];
  const key = await readSecret(secret);
  if (key === undefined)
    throw new Error(`there is no secret named ${secret}; set it with: ironbark secrets set ${secret}`);
  const value = `sha256=${createHmac('sha256', key).update(body).digest('hex')}`;
  return [['x-ironbark-signature', value] as const];
}

const answerSchema = z.object({
  decision: z.enum(['continue', 'reject']),
  text: z.string().max(MAX_ANSWER_BYTES).optional(),
  reason: z.string().max(1_000).optional(),
});

function decisionOf(bytes: Uint8Array): HookResult {
  const { decision, text, reason } = answerSchema.parse(JSON.parse(new TextDecoder().decode(bytes)));
  if (decision === 'reject') return { kind: 'rejected', reason: reason ?? 'It gave no reason.' };
  return text === undefined ? AS_IT_WAS : { kind: 'changed', text, foreign: true };
}
