import { assign, setup } from 'xstate';
import { type HttpExchangeDesk, httpExchangeMachine } from './http-exchange.ts';
import type { Refusal } from './refusal.ts';

const HTTP_BUDGET: Refusal = {
  rule: 'http-budget',
  message: 'This call has used up its HTTP requests. Do more with each request, or do less in one call.',
};
const INVOKE_BUDGET: Refusal = {
  rule: 'invoke-budget',
  message: 'This call has used up its calls of other tools.',
};
const HOST_BUDGET: Refusal = {
  rule: 'host-budget',
  message: 'This call has asked the host too often.',
};

const ports = setup({
  types: {
    context: {} as SandboxCallContext,
    events: {} as SandboxCallEvent,
    input: {} as SandboxCallInput,
  },
  actors: { httpExchange: httpExchangeMachine },
  actions: {
    // Requests, carried out by the actor.
    ask: (_, _params: { readonly step: SandboxCallStep }) => {},
    answerHost: (_, _params: { readonly hostCall: number }) => {},
    invokeTool: (_, _params: { readonly hostCall: number }) => {},
    refuseHost: (_, _params: { readonly hostCall: number; readonly refusal: Refusal }) => {},
    stopGuest: () => {},
    finish: (_, _params: SandboxCallEnd) => {},
    // The machine's own bookkeeping.
    countHostCall: assign({ hostCalls: ({ context }) => context.hostCalls + 1 }),
    countHttpRequest: assign({ httpRequests: ({ context }) => context.httpRequests + 1 }),
    countToolInvoke: assign({ toolInvokes: ({ context }) => context.toolInvokes + 1 }),
  },
  guards: {
    mayAskHost: ({ context: { hostCalls, budget } }) => hostCalls < budget.hostCalls,
    maySendHttp: ({ context: { httpRequests, budget } }) => httpRequests < budget.httpRequests,
    mayInvokeTool: ({ context: { toolInvokes, budget } }) => toolInvokes < budget.toolInvokes,
  },
});

const refuse = {
  target: 'refused',
  actions: {
    type: 'finish',
    params: ({ event: { refusal } }: { readonly event: { readonly refusal: Refusal } }) =>
      ({ kind: 'refused', refusal }) as const,
  },
} as const;

/** Tells the guest that its request is over budget. */
const refuseHost = (refusal: Refusal) =>
  ({
    type: 'refuseHost',
    params: ({ event: { hostCall } }: { readonly event: { readonly hostCall: number } }) => ({
      hostCall,
      refusal,
    }),
  }) as const;

const hostCallOf = ({ event: { hostCall } }: { readonly event: { readonly hostCall: number } }) => ({
  hostCall,
});

/**
 * One call of a WebAssembly tool. Nothing of the guest runs before every check in front of `executing` has passed,
 * and nothing it returned leaves before it was scanned: no transition leads around a state.
 *
 * | state                | what is done there                                          | passes with         |
 * |----------------------|-------------------------------------------------------------|---------------------|
 * | validating           | the arguments are held against the tool's schema            | `params.validated`  |
 * | allowlist            | whether the tool may be called here at all                  | `tool.allowed`      |
 * | rate                 | one call is taken from the tool's rate                      | `rate.taken`        |
 * | scanningRequest      | the arguments are looked through for secrets                | `request.scanned`   |
 * | injectingCredentials | the secrets that it cannot do without are there             | `credentials.ready` |
 * | executing            | the guest runs in its slot and asks the host for things     | `guest.returned`    |
 * | scanningResponse     | secrets are taken out of what it returned                   | `response.scanned`  |
 *
 * It ends as `returned`, as `refused` where a rule said no, as `failed` where the guest or the sandbox did, or as
 * `cancelled`. While the guest runs, each of its HTTP requests is an `httpExchange` of its own, within a budget.
 *
 * Neither context nor events hold a secret, arguments or results: they name what was decided. The desk keeps the rest.
 */
export const sandboxCallMachine = ports
  .extend({
    actions: {
      startExchange: ports.enqueueActions(({ context, event, enqueue }) => {
        if (event.type !== 'http.asked') return;
        const id = `http-${event.hostCall}`;
        enqueue.spawnChild('httpExchange', { id, input: { desk: context.desk.exchange(event.hostCall) } });
      }),
    },
  })
  .createMachine({
    id: 'sandbox-call',
    context: ({ input }) => ({ ...input, hostCalls: 0, httpRequests: 0, toolInvokes: 0 }),
    initial: 'validating',
    on: {
      'call.failed': {
        target: '.failed',
        actions: { type: 'finish', params: ({ event: { failure } }) => ({ kind: 'failed', failure }) },
      },
      'call.cancelled': { target: '.cancelled', actions: { type: 'finish', params: { kind: 'cancelled' } } },
    },
    states: {
      validating: {
        description: 'Do the arguments fit?',
        entry: { type: 'ask', params: { step: 'validateParams' } },
        on: { 'params.validated': 'allowlist', 'call.refused': refuse },
      },
      allowlist: {
        description: 'May this tool be called?',
        entry: { type: 'ask', params: { step: 'checkAllowed' } },
        on: { 'tool.allowed': 'rate', 'call.refused': refuse },
      },
      rate: {
        description: 'Not called too often?',
        entry: { type: 'ask', params: { step: 'takeRate' } },
        on: { 'rate.taken': 'scanningRequest', 'call.refused': refuse },
      },
      scanningRequest: {
        description: 'No secrets among the arguments?',
        entry: { type: 'ask', params: { step: 'scanRequest' } },
        on: { 'request.scanned': 'injectingCredentials', 'call.refused': refuse },
      },
      injectingCredentials: {
        description: 'Are the secrets it needs there?',
        entry: { type: 'ask', params: { step: 'readyCredentials' } },
        on: { 'credentials.ready': 'executing', 'call.refused': refuse },
      },
      executing: {
        description: 'The tool runs, shut in.',
        entry: { type: 'ask', params: { step: 'runGuest' } },
        exit: 'stopGuest',
        on: {
          'guest.returned': 'scanningResponse',
          'http.asked': [
            {
              guard: 'maySendHttp',
              actions: ['countHttpRequest', 'startExchange'],
            },
            { actions: refuseHost(HTTP_BUDGET) },
          ],
          'tool.asked': [
            {
              guard: 'mayInvokeTool',
              actions: ['countToolInvoke', { type: 'invokeTool', params: hostCallOf }],
            },
            { actions: refuseHost(INVOKE_BUDGET) },
          ],
          'host.asked': [
            {
              guard: 'mayAskHost',
              actions: ['countHostCall', { type: 'answerHost', params: hostCallOf }],
            },
            {
              target: 'failed',
              actions: { type: 'finish', params: { kind: 'failed', failure: HOST_BUDGET } },
            },
          ],
        },
      },
      scanningResponse: {
        description: 'Secrets are taken out of its answer.',
        entry: { type: 'ask', params: { step: 'scanResponse' } },
        on: {
          'response.scanned': {
            target: 'returned',
            actions: { type: 'finish', params: { kind: 'returned' } },
          },
        },
      },
      returned: { description: 'The answer may be used.', type: 'final' },
      refused: { description: 'A rule said no.', tags: 'trouble', type: 'final' },
      failed: { description: 'The tool or its sandbox failed.', tags: 'trouble', type: 'final' },
      cancelled: { description: 'Nobody wants the answer any more.', type: 'final' },
    },
  });

export interface SandboxCallInput {
  readonly desk: SandboxCallDesk;
  readonly tool: string;
  readonly budget: SandboxBudget;
}

interface SandboxCallContext extends SandboxCallInput {
  readonly hostCalls: number;
  readonly httpRequests: number;
  readonly toolInvokes: number;
}

/** What one call may ask of the host. */
export interface SandboxBudget {
  readonly httpRequests: number;
  readonly toolInvokes: number;
  /** Everything else: reading the workspace, asking whether a secret exists. */
  readonly hostCalls: number;
}

/** What is done for the machine in each state. Each step answers with an event. */
export type SandboxCallSteps = {
  readonly [Step in SandboxCallStep]: (
    /** For what happens while the step is under way. */
    tell: (event: SandboxCallEvent) => void,
  ) => SandboxCallEvent | Promise<SandboxCallEvent>;
};

export type SandboxCallStep =
  | 'validateParams'
  | 'checkAllowed'
  | 'takeRate'
  | 'scanRequest'
  | 'readyCredentials'
  | 'runGuest'
  | 'scanResponse';

/** Everything of one call that the statechart may not see, and what is done with it. */
export interface SandboxCallDesk extends SandboxCallSteps {
  /** The desk of an HTTP request that the guest waits for. */
  exchange(hostCall: number): HttpExchangeDesk;
  answerHost(hostCall: number): void;
  invokeTool(hostCall: number): void;
  refuseHost(hostCall: number, refusal: Refusal): void;
  /** Whatever still runs for this call is given up. */
  stopGuest(): void;
  finish(end: SandboxCallEnd): void;
  /** A step threw. Puts it on record, and says so in words that hold nothing of what it worked on. */
  defect(thrown: unknown): Refusal;
}

export type SandboxCallEnd =
  | { readonly kind: 'returned' | 'cancelled' }
  | { readonly kind: 'refused'; readonly refusal: Refusal }
  | { readonly kind: 'failed'; readonly failure: Refusal };

export type SandboxCallEvent =
  | { readonly type: 'params.validated' }
  | { readonly type: 'tool.allowed' }
  | { readonly type: 'rate.taken' }
  | { readonly type: 'request.scanned' }
  | { readonly type: 'credentials.ready' }
  | { readonly type: 'guest.returned' }
  | { readonly type: 'response.scanned' }
  | { readonly type: 'call.refused'; readonly refusal: Refusal }
  | { readonly type: 'call.failed'; readonly failure: Refusal }
  | { readonly type: 'call.cancelled' }
  /** The guest waits for the answer to one of its imports. */
  | { readonly type: 'http.asked' | 'tool.asked' | 'host.asked'; readonly hostCall: number };
