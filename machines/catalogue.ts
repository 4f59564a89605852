import type { AnyStateMachine } from 'xstate';
import { circuitBreakerMachine } from './circuit-breaker.ts';
import { consolidatorMachine } from './consolidator.ts';
import { containerJobMachine } from './container-job.ts';
import { heartbeatMachine } from './heartbeat.ts';
import { httpExchangeMachine } from './http-exchange.ts';
import { jobMachine } from './job.ts';
import { memoryIndexerMachine } from './memory-indexer.ts';
import { modelCallMachine } from './model-call.ts';
import { routineMachine } from './routine.ts';
import { routineEngineMachine } from './routine-engine.ts';
import { sandboxCallMachine } from './sandbox-call.ts';
import { sessionMachine } from './session.ts';
import { turnMachine } from './turn.ts';
import { warmContainerMachine } from './warm-container.ts';

/** One of the statecharts that the assistant is made of. */
interface Catalogued {
  readonly title: string;
  /** What it governs, in a sentence. */
  readonly about: string;
  /** Below `machines/`. */
  readonly file: string;
  readonly machine: AnyStateMachine;
}

/** Every statechart of this folder, in the order in which a message meets them. */
export const catalogue: readonly Catalogued[] = [
  {
    title: 'Session',
    about: 'One conversation that is awake: it takes what is said in its order, and runs one turn at a time.',
    file: 'session.ts',
    machine: sessionMachine,
  },
  {
    title: 'Turn',
    about:
      'From a message to its reply: the model is asked, its calls are judged and run, the user is asked.',
    file: 'turn.ts',
    machine: turnMachine,
  },
  {
    title: 'Job',
    about: 'Work that goes on by itself, from its order to the verdict on its result.',
    file: 'job.ts',
    machine: jobMachine,
  },
  {
    title: 'Model call',
    about:
      'One request to a language model: a slot, a model that is well, the budget, the call, other models.',
    file: 'model-call.ts',
    machine: modelCallMachine,
  },
  {
    title: 'Circuit breaker',
    about: 'Whether a model is worth asking: one that keeps failing is left alone for a while, then tried.',
    file: 'circuit-breaker.ts',
    machine: circuitBreakerMachine,
  },
  {
    title: 'Sandbox call',
    about: 'One call of a WebAssembly tool, with every check that it passes on its way in and back out.',
    file: 'sandbox-call.ts',
    machine: sandboxCallMachine,
  },
  {
    title: 'HTTP exchange',
    about: 'One HTTP request of such a tool, and the way of the answer back to it.',
    file: 'http-exchange.ts',
    machine: httpExchangeMachine,
  },
  {
    title: 'Container of a job',
    about:
      'One container in which a job is worked on: it is found or made, watched, stopped, and cleared away.',
    file: 'container-job.ts',
    machine: containerJobMachine,
  },
  {
    title: 'Warm container',
    about:
      'A container that is kept for the commands of one conversation, and goes when nobody has any more.',
    file: 'warm-container.ts',
    machine: warmContainerMachine,
  },
  {
    title: 'Consolidator',
    about: 'When memory is tidied, in which order, and that it waits while somebody talks.',
    file: 'consolidator.ts',
    machine: consolidatorMachine,
  },
  {
    title: 'Heartbeat',
    about:
      'When the assistant looks by itself whether something needs attention; it backs off and never stops.',
    file: 'heartbeat.ts',
    machine: heartbeatMachine,
  },
  {
    title: 'Routine engine',
    about: 'Sees to it that routines begin when their time has come, with one timer for all of them.',
    file: 'routine-engine.ts',
    machine: routineEngineMachine,
  },
  {
    title: 'Routine',
    about: 'One routine: it waits for its time or what triggers it, its runs go on, it rests.',
    file: 'routine.ts',
    machine: routineMachine,
  },
  {
    title: 'Memory indexer',
    about: 'Sees to it that every text in memory can be found by its meaning.',
    file: 'memory-indexer.ts',
    machine: memoryIndexerMachine,
  },
];
