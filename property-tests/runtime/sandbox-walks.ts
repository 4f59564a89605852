import type { HttpExchangeDesk, HttpExchangeEvent } from '../../machines/http-exchange.ts';
import { httpExchangeMachine } from '../../machines/http-exchange.ts';
import type { Refusal } from '../../machines/refusal.ts';
import type { SandboxCallDesk, SandboxCallEvent } from '../../machines/sandbox-call.ts';
import { sandboxCallMachine } from '../../machines/sandbox-call.ts';
import { type MachineWalk, walkOf } from './walk.ts';

const refusal: Refusal = { rule: 'rule', message: 'no' };

const never = (): Promise<never> => new Promise(() => {});

/** Never answers: what the steps come back with is among the events of the walks. */
export const silentExchangeDesk: HttpExchangeDesk = {
  checkTarget: never,
  takeRate: never,
  scanRequest: never,
  injectCredentials: never,
  resolveAddress: never,
  send: never,
  scanResponse: never,
  answer: () => {},
  defect: () => refusal,
};

export const silentCallDesk: SandboxCallDesk = {
  validateParams: never,
  checkAllowed: never,
  takeRate: never,
  scanRequest: never,
  readyCredentials: never,
  runGuest: never,
  scanResponse: never,
  exchange: () => silentExchangeDesk,
  answerHost: () => {},
  invokeTool: () => {},
  refuseHost: () => {},
  stopGuest: () => {},
  finish: () => {},
  defect: () => refusal,
};

export const EXCHANGE_EVENTS: readonly HttpExchangeEvent[] = [
  { type: 'target.allowed' },
  { type: 'rate.taken' },
  { type: 'request.scanned' },
  { type: 'credentials.ready' },
  { type: 'address.pinned' },
  { type: 'response.received' },
  { type: 'response.scanned' },
  { type: 'exchange.refused', refusal },
  { type: 'exchange.failed', failure: refusal },
];

export const CALL_EVENTS: readonly SandboxCallEvent[] = [
  { type: 'params.validated' },
  { type: 'tool.allowed' },
  { type: 'rate.taken' },
  { type: 'request.scanned' },
  { type: 'credentials.ready' },
  { type: 'guest.returned' },
  { type: 'response.scanned' },
  { type: 'call.refused', refusal },
  { type: 'call.failed', failure: refusal },
  { type: 'call.cancelled' },
  { type: 'http.asked', hostCall: 1 },
  { type: 'tool.asked', hostCall: 2 },
  { type: 'host.asked', hostCall: 3 },
];

export const exchangeInput = { desk: silentExchangeDesk };

export const callInput = {
  desk: silentCallDesk,
  tool: 'probe',
  budget: { httpRequests: 1, toolInvokes: 1, hostCalls: 1 },
};

export const httpExchangeWalk: MachineWalk = walkOf(httpExchangeMachine, {
  input: exchangeInput,
  abstraction: () => null,
  events: () => EXCHANGE_EVENTS,
  unrequested: ['exchange.refused', 'exchange.failed'],
});

export const sandboxCallWalk: MachineWalk = walkOf(sandboxCallMachine, {
  input: callInput,
  abstraction: ({ hostCalls, httpRequests, toolInvokes }) => ({ hostCalls, httpRequests, toolInvokes }),
  events: () => CALL_EVENTS,
  unrequested: ['call.refused', 'call.failed', 'call.cancelled'],
  invariants: {
    'no budget is overdrawn': ({ context: { hostCalls, httpRequests, toolInvokes, budget } }) =>
      hostCalls <= budget.hostCalls &&
      httpRequests <= budget.httpRequests &&
      toolInvokes <= budget.toolInvokes,
  },
});
