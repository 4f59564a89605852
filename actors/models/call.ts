import type { AnyActorRef } from 'xstate';
import { type ModelCallDesk, type ModelCallEvent, modelCallMachine } from '../../machines/model-call.ts';

/** One request's road to the models, carried out by its desk. */
export const call = modelCallMachine.provide({
  actions: {
    ask: ({ context: { desk }, self }, { step, at }) =>
      carryOut(
        desk,
        () => desk[step](at, self),
        (event) => sendIfActive(self, event),
      ),
    stopAttempt: ({ context: { desk } }) => desk.stopAttempt(),
    tellWait: ({ context: { desk } }, wait) => desk.tellWait(wait),
    tellNext: ({ context: { desk } }, candidate) => desk.tellNext(candidate),
    finish: ({ context: { desk } }, end) => desk.finish(end),
  },
});

/** A step that throws is a defect of ours; whoever waits for the call is told, and nothing else ends. */
function carryOut(
  desk: ModelCallDesk,
  step: () => ModelCallEvent | Promise<ModelCallEvent>,
  tell: (event: ModelCallEvent) => void,
): void {
  try {
    const answer = step();
    if (answer instanceof Promise) answer.then(tell, (thrown) => desk.defect(thrown));
    else tell(answer);
  } catch (thrown) {
    desk.defect(thrown);
  }
}

/** What comes after the end of a call is of no use to anybody. */
function sendIfActive(self: AnyActorRef, event: ModelCallEvent): void {
  const snapshot: unknown = self.getSnapshot();
  if (snapshot instanceof Object && 'status' in snapshot && snapshot.status === 'active') self.send(event);
}
