import type { IncomingMessage, ServerResponse } from 'node:http';
import { answerRefused } from './answer.ts';
import type { Door } from './door.ts';
import { carryOut, type PlainEnd } from './plain-request.ts';
import { NOT_RECORDED } from './recorded.ts';
import type { Turnstile } from './turnstile.ts';

/** Answers one plain request. It is on record before the client has its answer. */
export async function servePlain(
  door: Door,
  turnstile: Turnstile,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const entered = turnstile.enter();
  if (!entered.ok) {
    door.count('refused');
    await door.log.tooMany(entered.error);
    return answerRefused(response, entered.error);
  }
  const left = new AbortController();
  response.once('close', () => left.abort());
  try {
    await door.services.knownReady();
    const end = await carryOut(door, request, AbortSignal.any([door.signal, left.signal]));
    if (door.hungUpOn.has(request.socket)) return;
    door.count(end.outcome);
    await record(door, request, end);
    answer(response, end);
  } finally {
    entered.value();
  }
}

async function record(door: Door, request: IncomingMessage, end: PlainEnd): Promise<void> {
  const { outcome, target, refusal, response, credentials = [], isScanned } = end;
  const method = target?.method ?? request.method ?? '';
  await door.log.write({
    kind: `http.${outcome}`,
    method,
    host: target?.host,
    path: isScanned ? target?.path : undefined,
    refusal,
    message: `${method} ${target?.host}: ${response?.status}`,
    detail: {
      ...(response && { status: response.status, bytes: response.body.length }),
      ...(credentials.length > 0 && { credentials: [...credentials] }),
    },
  });
}

function answer(response: ServerResponse, { outcome, refusal, response: got }: PlainEnd): void {
  if (!got) {
    answerRefused(response, refusal ?? NOT_RECORDED, outcome === 'failed' ? 502 : 403);
    return;
  }
  const names = new Map<string, string[]>();
  for (const [name, value] of got.headers) names.set(name, [...(names.get(name) ?? []), value]);
  if (got.status !== 204 && got.status !== 304) names.set('content-length', [String(got.body.length)]);
  response.writeHead(got.status, Object.fromEntries(names));
  response.end(got.body);
}
