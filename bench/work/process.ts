import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { modelEnvironment } from '../assistant.ts';
import { Ended, type Order } from './orders.ts';

const PROGRAM = fileURLToPath(new URL('program.ts', import.meta.url));

/** An assistant in a process of its own that is told from here what to do, and can be killed. */
export interface WorkProcess extends AsyncDisposable {
  readonly pid: number;
  order(name: string, jobs: number): Promise<void>;
  /** Resolves when so many jobs of this name have ended. */
  ended(name: string, jobs: number): Promise<void>;
  outcomes(name: string): Promise<readonly Ended[]>;
  /** Milliseconds of each turn. */
  talk(name: string, conversations: number, turns: number): Promise<readonly number[]>;
  arm(name: string, routines: number, schedule: string): Promise<void>;
  lateness(name: string, runs: number): Promise<readonly number[]>;
  /** SIGKILL. */
  kill(): Promise<void>;
}

export interface WorkOptions {
  readonly home: string;
  readonly modelUrl: string;
  /** Settings, as environment variables. */
  readonly env?: Readonly<Record<string, string>>;
  readonly nodeFlags?: readonly string[];
}

const numbers = z.array(z.number());

export async function startWorkProcess(options: WorkOptions): Promise<WorkProcess> {
  const { PATH = '' } = process.env;
  const child = fork(PROGRAM, [options.home], {
    env: { PATH, HOME: options.home, ...modelEnvironment(options.modelUrl), ...options.env },
    execArgv: [...(options.nodeFlags ?? [])],
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  await firstOf(child);
  const ask = createAsking(child);
  return {
    pid: child.pid ?? 0,
    async order(name, jobs) {
      await ask({ do: 'order', name, jobs });
    },
    async ended(name, jobs) {
      await ask({ do: 'await', name, jobs });
    },
    outcomes: async (name) => z.array(Ended).parse(await ask({ do: 'outcomes', name })),
    talk: async (name, conversations, turns) =>
      numbers.parse(await ask({ do: 'talk', name, conversations, turns })),
    async arm(name, routines, schedule) {
      await ask({ do: 'arm', name, routines, schedule });
    },
    lateness: async (name, runs) => numbers.parse(await ask({ do: 'lateness', name, runs })),
    kill: () => gone(child, () => child.kill('SIGKILL')),
    [Symbol.asyncDispose]: () => gone(child, () => child.disconnect()),
  };
}

async function firstOf(child: ChildProcess): Promise<void> {
  await Promise.race([
    once(child, 'message'),
    once(child, 'exit').then(([code]) => {
      throw new Error(`the assistant ended with ${code} instead of starting`);
    }),
  ]);
}

type Question = Order extends infer One ? (One extends Order ? Omit<One, 'id'> : never) : never;

const Answer = z.object({ id: z.number(), value: z.unknown().optional(), error: z.string().optional() });

/** Questions that are open when the process dies are never answered: whoever killed it does not wait for them. */
function createAsking(child: ChildProcess): (question: Question) => Promise<unknown> {
  const open = new Map<number, PromiseWithResolvers<unknown>>();
  let last = 0;
  child.on('message', (message) => {
    const { id, value, error } = Answer.parse(message);
    if (error === undefined) open.get(id)?.resolve(value);
    else open.get(id)?.reject(new Error(error));
    open.delete(id);
  });
  return (question) => {
    const answer = Promise.withResolvers<unknown>();
    const id = ++last;
    open.set(id, answer);
    child.send({ ...question, id }, () => {});
    return answer.promise;
  };
}

async function gone(child: ChildProcess, end: () => void): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = once(child, 'exit');
  end();
  await exit;
}
