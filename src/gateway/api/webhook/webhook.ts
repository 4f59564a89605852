import type { FastifyInstance, FastifyRequest } from 'fastify';
import { WebhookAnswer, WebhookRequest } from '../../../core/api/webhook.ts';
import { coerceError } from '../../../core/errors.ts';
import { err, ok, type Result } from '../../../core/result.ts';
import { sendFailure } from '../answers.ts';
import type { ApiContext } from '../context.ts';
import { explained } from '../explained.ts';
import { type ApiFailure, invalid } from '../failure.ts';
import { explainIssue } from '../issue.ts';
import { describe } from '../route.ts';
import { tooOftenRefused } from '../throttle.ts';
import { createDelivery, type Delivery } from './delivery.ts';
import { checkSignature, SIGNATURE_HEADER, TIMESTAMP_HEADER } from './signature.ts';

/** Attachments of 10 MiB as base64, and room around them. */
const BODY_LIMIT = 15 * 1024 * 1024;

/** Messages a minute, of all senders together: they share the secret. */
const RATE = { count: 60, perSeconds: 60 };

/** Messages of other programs, which prove with a signature that they may send them. */
export function addWebhook(app: FastifyInstance, context: ApiContext): void {
  const delivery = createDelivery(context);
  app.route({
    method: 'POST',
    url: '/webhook',
    bodyLimit: BODY_LIMIT,
    config: { access: 'public', body: 'raw' },
    schema: describe(DESCRIBED, { 200: WebhookAnswer, 202: WebhookAnswer }),
    async handler(request, reply) {
      // Whoever waits for a reply hears nothing for longer than a silent connection lives otherwise.
      request.raw.socket.setTimeout(0);
      const answer = await receive(context, delivery, request);
      if (!answer.ok) return sendFailure(reply, answer.error);
      return reply.code(answer.value.status === 'accepted' ? 202 : 200).send(answer.value);
    },
  });
}

const DESCRIBED = {
  url: '/webhook',
  tag: 'webhook',
  summary: `A message of another program, signed in ${SIGNATURE_HEADER}.`,
  access: 'public',
  // Read when the signature over its bytes was found to be right.
  body: WebhookRequest,
} as const;

async function receive(
  context: ApiContext,
  delivery: Delivery,
  request: FastifyRequest,
): Promise<Result<WebhookAnswer, ApiFailure>> {
  const { headers, body } = request;
  if (!/^application\/json\b/i.test(headers['content-type'] ?? '')) return err(NOT_JSON);
  const secret = await readSecret(context);
  if (!secret.ok) return secret;
  const bytes = Buffer.isBuffer(body) ? body : Buffer.alloc(0);
  const signed = { signature: headers[SIGNATURE_HEADER], timestamp: headers[TIMESTAMP_HEADER], body: bytes };
  const proof = checkSignature(signed, secret.value, context.clock.now());
  if (!proof.ok) return err(tooOftenRefused(context, request) ?? unproved(proof.error));
  const wait = context.rates.take('webhook', RATE);
  if (wait > 0) return err(tooMany(wait));
  const message = readMessage(bytes);
  if (!message.ok) return message;
  const sent = { timestamp: String(signed.timestamp), bytes };
  const taken = await explained(() => delivery.take(message.value, sent));
  return taken.ok ? taken.value : taken;
}

const SECRET_NAME = 'webhook_secret';
export const MIN_SECRET_LENGTH = 16;

async function readSecret({ webhookSecret, log }: ApiContext): Promise<Result<string, ApiFailure>> {
  try {
    const secret = await webhookSecret?.(SECRET_NAME);
    if (secret !== undefined && secret.length >= MIN_SECRET_LENGTH) return ok(secret);
  } catch (error) {
    log.warn({ err: coerceError(error) }, 'the webhook secret cannot be read');
  }
  return err(NOT_SET_UP);
}

function readMessage(bytes: Buffer): Result<WebhookRequest, ApiFailure> {
  const json = parseJson(bytes.toString());
  if (json === undefined) return err({ status: 400, code: 'bad-request', message: 'The body is not JSON.' });
  const parsed = WebhookRequest.safeParse(json);
  if (parsed.success) return ok(parsed.data);
  const { field, reason } = explainIssue(parsed.error, '');
  return invalid(field === '' ? 'body' : field, reason);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const NOT_JSON: ApiFailure = {
  status: 415,
  code: 'unsupported-media-type',
  message: 'Send the body as application/json.',
};

const NOT_SET_UP: ApiFailure = {
  status: 503,
  code: 'not-set-up',
  message: `The webhook is off. Set a secret of at least ${MIN_SECRET_LENGTH} characters: ironbark secrets set ${SECRET_NAME}`,
};

const unproved = (message: string): ApiFailure => ({ status: 401, code: 'unauthorized', message });

const tooMany = (retryAfterSeconds: number): ApiFailure => ({
  status: 429,
  code: 'too-many-requests',
  message: `${RATE.count} messages a minute are taken. Try again in ${retryAfterSeconds} seconds.`,
  retryAfterSeconds,
});
