import type { IncomingMessage } from 'node:http';
import type { z } from 'zod';
import { ModelQuestion, WorkEnd, WorkEventPost, WorkStatus } from '../core/orchestrator.ts';
import { ok, type Result } from '../core/result.ts';
import { readBody } from './read-body.ts';
import type { Refusal } from './refusal.ts';
import type { WorkPort } from './work-port.ts';

/** What a request comes to: one document, nothing, or a question to the model, whose answer comes in lines. */
export type Served =
  | { readonly kind: 'document'; readonly value: unknown }
  | { readonly kind: 'nothing' }
  | { readonly kind: 'question'; readonly question: ModelQuestion };

interface Route {
  readonly method: 'GET' | 'POST';
  serve(port: WorkPort, request: IncomingMessage, query: URLSearchParams): Promise<Result<Served, Refusal>>;
}

/** A question may hold a whole conversation with its pictures. */
const MAX_QUESTION_BYTES = 8 * 1024 * 1024;
const MAX_BODY_BYTES = 1024 * 1024;

/** By what stands after `/worker/{job id}/`. */
export const ROUTES: ReadonlyMap<string, Route> = new Map([
  ['job', reading((port) => port.brief())],
  ['credentials', reading((port) => port.credentials())],
  ['prompt', reading((port, query) => port.prompt(cursorIn(query)))],
  ['status', telling(WorkStatus, (port, status) => port.status(status).then(() => ({ ok: true })))],
  ['event', telling(WorkEventPost, (port, event) => port.event(event))],
  ['complete', telling(WorkEnd, (port, end) => port.end(end))],
  ['llm/complete', asking(({ tools: _, ...question }) => ({ ...question, tools: [] }))],
  ['llm/complete_with_tools', asking((question) => question)],
]);

function reading(read: (port: WorkPort, query: URLSearchParams) => Promise<unknown>): Route {
  return {
    method: 'GET',
    async serve(port, _, query) {
      const value = await read(port, query);
      return ok(value === undefined ? { kind: 'nothing' } : { kind: 'document', value });
    },
  };
}

function telling<T>(schema: z.ZodType<T>, tell: (port: WorkPort, value: T) => Promise<unknown>): Route {
  return {
    method: 'POST',
    async serve(port, request) {
      const body = await readBody(request, schema, MAX_BODY_BYTES);
      return body.ok ? ok({ kind: 'document', value: await tell(port, body.value) }) : body;
    },
  };
}

function asking(shape: (question: ModelQuestion) => ModelQuestion): Route {
  return {
    method: 'POST',
    async serve(_, request) {
      const body = await readBody(request, ModelQuestion, MAX_QUESTION_BYTES);
      return body.ok ? ok({ kind: 'question', question: shape(body.value) }) : body;
    },
  };
}

/** What is no number counts as the beginning. */
function cursorIn(query: URLSearchParams): number {
  const after = Number(query.get('after') ?? 0);
  return Number.isSafeInteger(after) && after > 0 ? after : 0;
}
