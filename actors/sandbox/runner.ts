import type { AnyActorRef } from 'xstate';
import type { Refusal } from '../../machines/refusal.ts';
import type { SandboxCallInput } from '../../machines/sandbox-call.ts';
import type { CallDesk, RunSandboxCall, SandboxServices } from '../../sandbox/index.ts';
import { type ActorSystemHandle, startInstance } from '../../src/runtime/index.ts';
import { SANDBOX_CALLS } from '../names.ts';

/** Runs calls of sandboxed tools in the tree, each as an actor of its own. */
export interface SandboxRunner {
  readonly run: RunSandboxCall;
  /** From now on calls go to this tree. */
  connect(system: Pick<ActorSystemHandle, 'whereis'>): void;
}

/** @param open what calls work with; asked for at each call, and may take its time at the first */
export function createSandboxRunner(open: () => SandboxServices | Promise<SandboxServices>): SandboxRunner {
  let system: Pick<ActorSystemHandle, 'whereis'> | undefined;
  let calls = 0;
  return {
    connect(tree) {
      system = tree;
    },
    async run(request) {
      const services = await open();
      const { CallDesk } = await import('../../sandbox/call/call-desk.ts');
      const desk = new CallDesk(services, request);
      if (request.caller.signal.aborted) desk.finish({ kind: 'cancelled' });
      if (desk.isOver) return desk.outcome;
      const supervisor = system?.whereis(SANDBOX_CALLS);
      const id = `${request.tool.name}-${++calls}`;
      const started = supervisor && (await startInstance(supervisor, inputOf(desk, services), { id }));
      if (started?.ok && started.value.ref) attend(started.value.ref, desk, request.caller.signal);
      else desk.finish({ kind: 'failed', failure: NOT_RUNNING });
      return desk.outcome;
    },
  };
}

function inputOf(desk: CallDesk, { limits }: SandboxServices): SandboxCallInput {
  const { httpRequests, toolInvokes, hostCalls } = limits;
  return { desk, tool: desk.tool, budget: { httpRequests, toolInvokes, hostCalls } };
}

const NOT_RUNNING: Refusal = {
  rule: 'sandbox-unavailable',
  message: 'The sandbox is not running just now. Try again in a moment.',
};

const ENDED: Refusal = {
  rule: 'sandbox-restarted',
  message: 'The sandbox was restarted during the call; what it did up to then may have taken effect.',
};

/** Whoever waits for the call is answered, however its actor ends. */
function attend(ref: AnyActorRef, desk: CallDesk, signal: AbortSignal): void {
  const cancel = (): void => ref.send({ type: 'call.cancelled' });
  const ended = (): void => {
    signal.removeEventListener('abort', cancel);
    desk.finish({ kind: 'failed', failure: ENDED });
  };
  ref.subscribe({ complete: ended, error: ended });
  if (signal.aborted) cancel();
  else signal.addEventListener('abort', cancel, { once: true });
}
