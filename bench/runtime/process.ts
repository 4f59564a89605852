import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import type { Measured } from './arm.ts';
import type { ArmName } from './arms.ts';
import type { Share } from './profile.ts';

/** An arm in a process of its own: what one contender does to the heap and to the compiler reaches no other. */
export interface ArmProcess extends AsyncDisposable {
  /** Once. */
  measure(): Promise<Measured>;
  /** Where its time goes, or its memory where that is what it measures; largest share first. */
  explain(): Promise<readonly Share[]>;
}

export type Question = 'measure' | 'explain';

const PROGRAM = fileURLToPath(new URL('../runtime-arm.ts', import.meta.url));

/** `--expose-gc`, because memory is weighed without garbage. */
const NODE_FLAGS = ['--expose-gc', '--max-old-space-size=4096'];

export function startArm(name: ArmName, nodeFlags: readonly string[]): ArmProcess {
  const child = fork(PROGRAM, [name], {
    ...onOneCore([...NODE_FLAGS, ...nodeFlags]),
    env: { ...process.env, NODE_ENV: 'production' },
  });
  return {
    measure: () => ask<Measured>(child, 'measure'),
    explain: () => ask<readonly Share[]>(child, 'explain'),
    async [Symbol.asyncDispose]() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const gone = once(child, 'exit');
      child.disconnect();
      await gone;
    },
  };
}

/**
 * On one core where that can be had: a process that the system moves about between cores is measured at one of two
 * speeds, by chance. The last one, since the first has most of the interrupts.
 */
function onOneCore(nodeFlags: readonly string[]): { execPath: string; execArgv: string[] } {
  if (!TASKSET) return { execPath: process.execPath, execArgv: [...nodeFlags] };
  const core = String(availableParallelism() - 1);
  return { execPath: TASKSET, execArgv: ['-c', core, process.execPath, ...nodeFlags] };
}

const TASKSET = ['/usr/bin/taskset', '/bin/taskset'].find((path) => existsSync(path));

/** The arm's own process answers, so what it says is taken to be of the type that was asked for. */
function ask<T>(child: ChildProcess, question: Question): Promise<T> {
  return new Promise((resolve, reject) => {
    const died = () => reject(new Error(`"${child.spawnargs.at(-1)}" ended before it had answered`));
    child.once('exit', died);
    child.once('message', (answer: T) => {
      child.off('exit', died);
      resolve(answer);
    });
    child.send(question);
  });
}
