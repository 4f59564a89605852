import { type HttpExchangeEvent, httpExchangeMachine } from '../../machines/http-exchange.ts';
import type { Refusal } from '../../machines/refusal.ts';
import { type SandboxCallEvent, sandboxCallMachine } from '../../machines/sandbox-call.ts';

/** One HTTP request of a guest, carried out by its desk. */
const httpExchange = httpExchangeMachine.provide({
  actions: {
    ask: ({ context: { desk }, self }, { step }) => {
      const tell = (event: HttpExchangeEvent): void => sendIfActive(self, event);
      carryOut(desk, () => desk[step](), tell, exchangeFailed);
    },
    answer: ({ context: { desk } }, end) => desk.answer(end),
  },
});

/** One call of a sandboxed tool, carried out by its desk. */
export const sandboxCall = sandboxCallMachine.provide({
  actors: { httpExchange },
  actions: {
    ask: ({ context: { desk }, self }, { step }) => {
      const tell = (event: SandboxCallEvent): void => sendIfActive(self, event);
      carryOut(desk, () => desk[step](tell), tell, callFailed);
    },
    answerHost: ({ context: { desk } }, { hostCall }) => desk.answerHost(hostCall),
    invokeTool: ({ context: { desk } }, { hostCall }) => desk.invokeTool(hostCall),
    refuseHost: ({ context: { desk } }, { hostCall, refusal }) => desk.refuseHost(hostCall, refusal),
    stopGuest: ({ context: { desk } }) => desk.stopGuest(),
    finish: ({ context: { desk } }, end) => desk.finish(end),
  },
});

interface Desk {
  defect(thrown: unknown): Refusal;
}

/** A step that throws is a defect of ours; the call ends with it, and nothing else does. */
function carryOut<E>(
  desk: Desk,
  step: () => E | Promise<E>,
  tell: (event: E) => void,
  failed: (failure: Refusal) => E,
): void {
  const broke = (thrown: unknown): void => tell(failed(desk.defect(thrown)));
  try {
    const answer = step();
    if (answer instanceof Promise) answer.then(tell, broke);
    else tell(answer);
  } catch (thrown) {
    broke(thrown);
  }
}

const exchangeFailed = (failure: Refusal): HttpExchangeEvent => ({ type: 'exchange.failed', failure });
const callFailed = (failure: Refusal): SandboxCallEvent => ({ type: 'call.failed', failure });

interface Receiver<E> {
  getSnapshot(): { readonly status: string };
  send(event: E): void;
}

/** What comes after the end of a call is of no use to anybody. */
function sendIfActive<E>(self: Receiver<E>, event: E): void {
  if (self.getSnapshot().status === 'active') self.send(event);
}
