import { type ChildProcess, spawn } from 'node:child_process';
import { Socket } from 'node:net';
import { dirname } from 'node:path';
import { slotProgram } from './slot-program.ts';

export interface SlotProcessOptions {
  /** WASM pages of 64 KiB that any memory in the process may have. */
  readonly memoryPages: number;
  /** MiB of JavaScript heap. */
  readonly heapMebibytes: number;
  /** The program of the process; another than ours only to see what the host makes of a hostile one. */
  readonly program?: string;
  readonly programArgs?: readonly string[];
  /** Folders beside the program's own that it may read. */
  readonly programReads?: readonly string[];
}

export interface SlotProcess {
  readonly child: ChildProcess;
  readonly toSlot: Socket;
  readonly fromSlot: Socket;
}

let ownProgram: string | undefined;

/** Two pipes beside the standard streams: what the process prints by mistake is no frame. */
const STDIO = ['ignore', 'ignore', 'pipe', 'pipe', 'pipe'] as const;

/** Starts the process of a slot: no environment, and no permission but to read its own program. */
export function startSlotProcess(options: SlotProcessOptions): SlotProcess {
  ownProgram ??= slotProgram();
  const child = spawn(process.execPath, [...flags({ program: ownProgram, ...options })], {
    cwd: '/',
    env: {},
    stdio: [...STDIO],
  });
  return { child, toSlot: pipeOf(child, 3), fromSlot: pipeOf(child, 4) };
}

/** Where the system gave no process there are no pipes either, and what is written to this one goes nowhere. */
function pipeOf({ stdio }: ChildProcess, index: 3 | 4): Socket {
  const pipe = stdio[index];
  const socket = pipe instanceof Socket ? pipe : new Socket();
  // A pipe breaks when the process ends, and that is told by the process.
  socket.on('error', () => {});
  return socket;
}

/**
 * V8's dynamic tiering stays on, although with it V8 can hardly interrupt loops of bulk instructions: fuel ends those,
 * and SIGKILL needs no interrupt. Without it every module is compiled twice at once, which doubles what the first ten
 * calls of a QuickJS component cost (240 instead of 120 ms of CPU).
 */
function flags({
  memoryPages,
  heapMebibytes,
  program,
  programArgs = [],
  programReads = [],
}: SlotProcessOptions & { readonly program: string }): readonly string[] {
  return [
    '--permission',
    ...[dirname(program), ...programReads].map((folder) => `--allow-fs-read=${folder}`),
    '--disable-sigusr1',
    '--disallow-code-generation-from-strings',
    '--experimental-vm-modules',
    '--no-warnings',
    // A guest's promise that nobody handles is no reason to end the others.
    '--unhandled-rejections=none',
    `--wasm-max-mem-pages=${memoryPages}`,
    '--wasm-max-table-size=10000',
    `--max-old-space-size=${heapMebibytes}`,
    program,
    ...programArgs,
  ];
}
