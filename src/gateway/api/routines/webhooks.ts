import { createHash, timingSafeEqual } from 'node:crypto';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { RoutineWebhookParams, RoutineWebhookReply } from '../../../core/api/routines.ts';
import { coerceError } from '../../../core/errors.ts';
import { err, ok, type Result } from '../../../core/result.ts';
import type { Routine } from '../../../core/routines.ts';
import type { ApiContext } from '../context.ts';
import { type ApiFailure, conflict, invalid, notFound, tooMany } from '../failure.ts';
import { addRoute } from '../route.ts';
import { tooOftenRefused } from '../throttle.ts';
import { checkSignature, SIGNATURE_HEADER, TIMESTAMP_HEADER } from '../webhook/signature.ts';
import { MIN_SECRET_LENGTH } from '../webhook/webhook.ts';

const SECRET_HEADER = 'x-webhook-secret';
const BODY_LIMIT = 64 * 1024;

/** Calls a minute of one address, of all that may call it together: each starts a model. */
const RATE = { count: 10, perSeconds: 60 };

/**
 * Webhooks of routines. Whoever cannot prove that they may call one is told the same whether there is one at the
 * address or not, so that addresses cannot be searched for; why, the log says.
 */
export function addRoutineWebhooks(app: FastifyInstance, context: ApiContext): void {
  addRoute(app, {
    method: 'POST',
    url: '/api/webhooks/:path',
    tag: 'routines',
    summary: `Starts the routine that has this address. Proved by ${SECRET_HEADER}, or a signature in ${SIGNATURE_HEADER}.`,
    access: 'public',
    rawBody: true,
    bodyLimit: BODY_LIMIT,
    params: RoutineWebhookParams,
    answer: RoutineWebhookReply,
    status: 202,
    run: ({ params: { path }, request }) => receive(context, path, request),
  });
}

async function receive(
  context: ApiContext,
  path: string,
  request: FastifyRequest,
): Promise<Result<{ run_id: string }, ApiFailure>> {
  const { assistant, rates, log, ids } = context;
  const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
  const routine = await assistant.routines.atWebhook(path);
  const proof = await prove(context, routine, request, body);
  if (!proof.ok || routine === undefined) {
    const reason = proof.ok ? 'there is none at this address' : proof.error;
    log.warn({ path: path.slice(0, 100), reason }, 'a call of a webhook was refused');
    return err(tooOftenRefused(context, request) ?? NOTHING_HERE);
  }
  const wait = rates.take(`webhook ${path}`, RATE);
  if (wait > 0) return tooMany(`${RATE.count} calls a minute are taken. Try again in ${wait} seconds.`, wait);
  const text = textOf(body);
  if (text === undefined) return invalid('body', 'is not text in UTF-8');
  const call = { body: text, origins: [`the webhook ${path}`] };
  const key = proof.value ?? request.headers['idempotency-key'] ?? ids.next();
  const started = await assistant.routines.webhook(routine.id, call, `${routine.id} ${digest(String(key))}`);
  return started.ok ? ok({ run_id: started.run.id }) : conflict(started.message);
}

const { error: NOTHING_HERE } = notFound(
  `There is no webhook here, or the proof that you may call it is missing or wrong: the secret in ${SECRET_HEADER}, or, where it wants a signature, ${SIGNATURE_HEADER} and ${TIMESTAMP_HEADER}, no more than five minutes old.`,
);

/**
 * As much is done where there is no routine as where there is one.
 *
 * @returns what tells this call from others, where the proof says so: the same signature again is the same call
 */
async function prove(
  context: ApiContext,
  routine: Routine | undefined,
  { headers }: FastifyRequest,
  body: Buffer,
): Promise<Result<string | undefined, string>> {
  const trigger = routine?.trigger;
  const { secret: name, proof } = trigger?.kind === 'webhook' ? trigger : NOBODYS;
  const secret = await readSecret(context, name);
  if (secret === undefined || secret.length < MIN_SECRET_LENGTH)
    return err(`the secret "${name}" is not set, or has less than ${MIN_SECRET_LENGTH} characters`);
  if (proof === 'secret') {
    const given = headers[SECRET_HEADER];
    return typeof given === 'string' && isSame(given, secret) ? ok(undefined) : err('wrong secret');
  }
  const signed = { signature: headers[SIGNATURE_HEADER], timestamp: headers[TIMESTAMP_HEADER], body };
  const checked = checkSignature(signed, secret, context.clock.now());
  return checked.ok ? ok(`${String(signed.timestamp)}.${digest(body)}`) : checked;
}

const NOBODYS = { secret: 'webhook_secret', proof: 'secret' } as const;

async function readSecret({ webhookSecret, log }: ApiContext, name: string): Promise<string | undefined> {
  try {
    return await webhookSecret?.(name);
  } catch (error) {
    log.warn({ err: coerceError(error) }, 'the secret of a webhook cannot be read');
    return undefined;
  }
}

/** Digests have the same length whatever was given, and are compared in constant time. */
const isSame = (given: string, right: string): boolean =>
  timingSafeEqual(Buffer.from(digest(given)), Buffer.from(digest(right)));

const digest = (text: string | Buffer): string => createHash('sha256').update(text).digest('hex');

/** Undefined where it is none, or holds what no text column takes. */
function textOf(body: Buffer): string | undefined {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(body);
    return text.includes('\u0000') ? undefined : text;
  } catch {
    return undefined;
  }
}
