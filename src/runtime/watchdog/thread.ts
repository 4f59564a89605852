import type { Debugger, Session } from 'node:inspector';
import type { Blackboard, SLOT } from './blackboard.ts';
import type { BlockedReport, KillOptions, ThreadInput } from './watchdog.ts';

/*
 * What runs in the watchdog's thread. The thread is given the source text of these two classes and nothing else:
 * loading this module there, with a loader for its types, would cost it several times its memory. So nothing may be
 * used in them but each other, the globals of Node and what is handed over as `ThreadInput`.
 */

/** Reads the stack of the main thread while that is busy, also within a regular expression or another long builtin. */
class StackReader {
  #session: Session | undefined;
  /** By script id: a call frame names its script by nothing else. */
  readonly #urls = new Map<string, string>();

  /** Asks for the stack. Where the main thread is busy outside of JavaScript, it comes when that is over. */
  ask(isStillWanted: () => boolean, onStack: (stack: readonly string[]) => void): void {
    const { Session } = process.getBuiltinModule('node:inspector');
    const session = new Session();
    this.#session = session;
    session.connectToMainThread();
    session.on('Debugger.scriptParsed', ({ params }) => this.#urls.set(params.scriptId, params.url));
    session.once('Debugger.paused', ({ params }) => this.#paused(params, onStack));
    session.post('Debugger.enable', () => {
      if (isStillWanted()) session.post('Debugger.pause');
      else this.end();
    });
  }

  /** Lets the main thread go, whatever state it is in: a session that ends resumes what it has paused. */
  end(): void {
    this.#session?.disconnect();
    this.#session = undefined;
    this.#urls.clear();
  }

  #paused({ callFrames }: Debugger.PausedEventDataType, onStack: (stack: readonly string[]) => void): void {
    const frames = callFrames.slice(0, 30);
    const urls = frames.map(({ location }) => this.#urls.get(location.scriptId));
    this.end();
    onStack(frames.map((frame, place) => this.#describe(frame, urls[place])));
  }

  #describe({ functionName, location }: Debugger.CallFrame, url = ''): string {
    const { lineNumber, columnNumber = 0 } = location;
    return `${functionName || '(anonymous)'} (${url}:${lineNumber + 1}:${columnNumber + 1})`;
  }
}

/**
 * Looks every so often whether the main thread has come round since.
 *
 * | the main thread | what follows |
 * |---|---|
 * | has come round | a report of how long it took, if that was too long |
 * | has not | that much more time is counted, and the running actor noted |
 * | has not for `reportAfterMs` | its stack is read |
 * | has not for `afterMs` of what it is armed with | a replacement is started, the last words are written, the process is killed |
 */
class MainThreadWatch {
  readonly #input: ThreadInput;
  readonly #slot: typeof SLOT;
  readonly #board: Blackboard;
  readonly #reader = new StackReader();
  #kill: KillOptions | undefined;
  #beats = 0;
  #lookedAt = performance.now();
  #blockedMs = 0;
  #asked = false;
  #actor: string | undefined;
  #stack: readonly string[] = [];

  constructor(input: ThreadInput) {
    this.#input = input;
    this.#slot = input.slot;
    this.#board = input.board;
    // A thread that failed with the main thread paused would leave it so; one that has exited does not.
    process.on('uncaughtException', () => process.exit(1));
    process.getBuiltinModule('node:worker_threads').parentPort?.on('message', (kill: KillOptions) => {
      this.#kill = kill;
    });
    setInterval(() => this.#look(), input.everyMs);
  }

  #look(): void {
    const { numbers } = this.#board;
    const beats = Atomics.load(numbers, this.#slot.beats);
    const now = performance.now();
    // No more than was to pass: where this thread stood still too, the whole process was stopped, or the machine.
    const passed = Math.min(now - this.#lookedAt, this.#input.everyMs);
    this.#lookedAt = now;
    if (beats !== this.#beats || Atomics.load(numbers, this.#slot.excused) === 1) this.#cameRound(beats);
    else this.#stillBlocked(passed);
  }

  #cameRound(beats: number): void {
    this.#reader.end();
    const late = Atomics.exchange(this.#board.numbers, this.#slot.late, 0);
    const blockedMs = Math.min(late, this.#blockedMs + this.#input.everyMs);
    if (blockedMs >= this.#input.reportAfterMs) this.#report(Math.round(blockedMs));
    this.#beats = beats;
    this.#blockedMs = 0;
    this.#asked = false;
    this.#actor = undefined;
    this.#stack = [];
  }

  #report(blockedMs: number): void {
    const report: BlockedReport = {
      type: 'blocked',
      blockedMs,
      actor: this.#actor,
      stack: this.#stack,
    };
    process.getBuiltinModule('node:worker_threads').parentPort?.postMessage(report);
  }

  #stillBlocked(passed: number): void {
    this.#blockedMs += passed;
    this.#actor = this.#running() ?? this.#actor;
    if (this.#blockedMs >= this.#input.reportAfterMs && !this.#asked) this.#askForStack();
    if (this.#kill && this.#blockedMs >= this.#kill.afterMs) this.#end(this.#kill);
  }

  #running(): string | undefined {
    const { numbers, names } = this.#board;
    const place = numbers[this.#slot.running] ?? 0;
    if (place === 0) return undefined;
    const length = (names[place - 1] ?? 0) + 256 * (names[place] ?? 0);
    // A copy: what is shared between threads cannot be decoded.
    return new TextDecoder().decode(names.slice(place + 1, place + 1 + length));
  }

  #askForStack(): void {
    this.#asked = true;
    const beats = this.#beats;
    const isStillWanted = () => Atomics.load(this.#board.numbers, this.#slot.beats) === beats;
    try {
      this.#reader.ask(isStillWanted, (stack) => {
        this.#stack = stack;
      });
    } catch {
      // Without a stack the report still says how long and who.
    }
  }

  #end({ replacement, lastWords, logFile }: KillOptions): void {
    if (replacement && !this.#startReplacement(replacement)) {
      this.#blockedMs = 0;
      return;
    }
    const message = this.#describe(lastWords);
    this.#write(2, `${[message, ...this.#stack].join('\n    at ')}\n`);
    if (logFile !== undefined) this.#write(logFile, `${this.#logLine(message)}\n`);
    process.kill(process.pid, 'SIGKILL');
  }

  #describe(lastWords: string): string {
    const who = this.#actor === undefined ? 'code outside of any actor' : `the actor ${this.#actor}`;
    return `The event loop has been blocked for ${Math.round(this.#blockedMs / 1000)} s by ${who}. ${lastWords}`;
  }

  /** As the main thread's logger would have written it; 60 is its `fatal`. */
  #logLine(msg: string): string {
    const blockedMs = Math.round(this.#blockedMs);
    return JSON.stringify({
      level: 60,
      time: Date.now(),
      type: 'blocked',
      blockedMs,
      actor: this.#actor,
      stack: this.#stack,
      msg,
    });
  }

  #write(where: number | string, text: string): void {
    const { appendFileSync } = process.getBuiltinModule('node:fs');
    try {
      appendFileSync(where, text, { mode: 0o600 });
    } catch {
      // A terminal that is gone, a full disk: the process must go all the same.
    }
  }

  /** Its descriptor 3 comes to its end when this process is gone, and with it what only one process may hold. */
  #startReplacement({ command, args }: { command: string; args: readonly string[] }): boolean {
    const { spawn } = process.getBuiltinModule('node:child_process');
    const child = spawn(command, args, { detached: true, stdio: ['inherit', 'inherit', 'inherit', 'pipe'] });
    child.on('error', () => {});
    return child.pid !== undefined;
  }
}

/** The program of the thread, with `ThreadInput` as its `workerData`. */
export const THREAD_SOURCE = `${StackReader}
${MainThreadWatch}
new MainThreadWatch(process.getBuiltinModule('node:worker_threads').workerData);`;
