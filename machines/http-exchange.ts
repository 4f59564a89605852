import { setup } from 'xstate';
import type { Refusal } from './refusal.ts';

const ports = setup({
  types: {
    context: {} as HttpExchangeInput,
    events: {} as HttpExchangeEvent,
    input: {} as HttpExchangeInput,
  },
  actions: {
    // Requests, carried out by the actor.
    ask: (_, _params: { readonly step: HttpExchangeStep }) => {},
    answer: (_, _params: HttpExchangeEnd) => {},
  },
});

const refuse = {
  target: 'refused',
  actions: {
    type: 'answer',
    params: ({ event: { refusal } }: { readonly event: { readonly refusal: Refusal } }) =>
      ({ kind: 'refused', refusal }) as const,
  },
} as const;

/**
 * One HTTP request of a guest, on its way out and its answer's way back in. It is sent only after every check in
 * front of `sending` has passed, and the guest sees the answer only after it was scanned.
 *
 * | state                | what is done there                                                   | passes with         |
 * |----------------------|----------------------------------------------------------------------|---------------------|
 * | allowlist            | URL, host, path and method against what the tool was granted         | `target.allowed`    |
 * | rate                 | one request is taken from the tool's rate                            | `rate.taken`        |
 * | scanningRequest      | URL, headers and body are looked through for secrets                 | `request.scanned`   |
 * | injectingCredentials | the secrets granted for this target are put in, out of sight         | `credentials.ready` |
 * | resolving            | the name is resolved; every address must be public, and is pinned    | `address.pinned`    |
 * | sending              | the request goes out; redirects are not followed, sizes are capped   | `response.received` |
 * | scanningResponse     | secrets are taken out of what came back, injected ones as well       | `response.scanned`  |
 *
 * The scan stands before the injection, so that it finds what the guest brought from elsewhere and never sees what
 * the host puts in. Context and events hold neither the request nor a secret.
 */
export const httpExchangeMachine = ports.createMachine({
  id: 'http-exchange',
  context: ({ input }) => input,
  initial: 'allowlist',
  on: {
    'exchange.failed': {
      target: '.failed',
      actions: { type: 'answer', params: ({ event: { failure } }) => ({ kind: 'failed', failure }) },
    },
  },
  states: {
    allowlist: {
      description: 'May this address be asked?',
      entry: { type: 'ask', params: { step: 'checkTarget' } },
      on: { 'target.allowed': 'rate', 'exchange.refused': refuse },
    },
    rate: {
      description: 'Not too often?',
      entry: { type: 'ask', params: { step: 'takeRate' } },
      on: { 'rate.taken': 'scanningRequest', 'exchange.refused': refuse },
    },
    scanningRequest: {
      description: 'No secrets in the request?',
      entry: { type: 'ask', params: { step: 'scanRequest' } },
      on: { 'request.scanned': 'injectingCredentials', 'exchange.refused': refuse },
    },
    injectingCredentials: {
      description: 'Its secrets are put in, out of its sight.',
      entry: { type: 'ask', params: { step: 'injectCredentials' } },
      on: { 'credentials.ready': 'resolving', 'exchange.refused': refuse },
    },
    resolving: {
      description: 'The address must be a public one.',
      entry: { type: 'ask', params: { step: 'resolveAddress' } },
      on: { 'address.pinned': 'sending', 'exchange.refused': refuse },
    },
    sending: {
      description: 'The request is under way.',
      entry: { type: 'ask', params: { step: 'send' } },
      on: { 'response.received': 'scanningResponse' },
    },
    scanningResponse: {
      description: 'Secrets are taken out of the answer.',
      entry: { type: 'ask', params: { step: 'scanResponse' } },
      on: {
        'response.scanned': { target: 'answered', actions: { type: 'answer', params: { kind: 'answered' } } },
      },
    },
    answered: { description: 'The tool sees the answer.', type: 'final' },
    refused: { description: 'A rule said no.', tags: 'trouble', type: 'final' },
    failed: { description: 'No answer came.', tags: 'trouble', type: 'final' },
  },
});

export interface HttpExchangeInput {
  readonly desk: HttpExchangeDesk;
}

export type HttpExchangeStep =
  | 'checkTarget'
  | 'takeRate'
  | 'scanRequest'
  | 'injectCredentials'
  | 'resolveAddress'
  | 'send'
  | 'scanResponse';

/** What is done for the machine in each state. Each step answers with an event. */
export type HttpExchangeSteps = {
  readonly [Step in HttpExchangeStep]: () => HttpExchangeEvent | Promise<HttpExchangeEvent>;
};

/** The request, its secrets and its answer, which the statechart may not see, and what is done with them. */
export interface HttpExchangeDesk extends HttpExchangeSteps {
  /** Hands the guest what it waits for. */
  answer(end: HttpExchangeEnd): void;
  /** A step threw. Puts it on record, and says so in words that hold nothing of what it worked on. */
  defect(thrown: unknown): Refusal;
}

export type HttpExchangeEnd =
  | { readonly kind: 'answered' }
  | { readonly kind: 'refused'; readonly refusal: Refusal }
  | { readonly kind: 'failed'; readonly failure: Refusal };

export type HttpExchangeEvent =
  | { readonly type: 'target.allowed' }
  | { readonly type: 'rate.taken' }
  | { readonly type: 'request.scanned' }
  | { readonly type: 'credentials.ready' }
  | { readonly type: 'address.pinned' }
  | { readonly type: 'response.received' }
  | { readonly type: 'response.scanned' }
  | { readonly type: 'exchange.refused'; readonly refusal: Refusal }
  | { readonly type: 'exchange.failed'; readonly failure: Refusal };
