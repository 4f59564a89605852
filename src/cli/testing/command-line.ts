import { PassThrough, type Readable, Writable } from 'node:stream';
import type { Environment } from '../../config/index.ts';
import type { MemoryDesk } from '../../core/memory.ts';
import { createApiClient } from '../../gateway/index.ts';
import { noMemory } from '../../memory/testing/no-memory.ts';
import { MemoryClient } from '../../repl/testing/memory-client.ts';
import { createMemoryDesk } from '../../secrets/testing/memory-desk.ts';
import type { Context, Output, Running, Started, StartRequest, StopSignal } from '../context.ts';
import { runCli } from '../program.ts';

/** A command line with everything around it played by the test. */
export class CommandLine {
  readonly client = new MemoryClient();
  readonly stdin = new PassThrough();
  /** Those of the home folder, while nothing runs. */
  readonly secrets = createMemoryDesk();
  closedSecrets = 0;
  memory: MemoryDesk = noMemory();
  closedMemory = 0;
  out = '';
  err = '';
  /** Whether a person sits at both ends. */
  attended = false;
  /** The assistant that runs already, if any. */
  running: Running | undefined;
  /** What the API of `running` is asked with. */
  token = '';
  /** What `start` was asked, and how often the started one was stopped. */
  readonly starts: StartRequest[] = [];
  stops = 0;
  /** Called when one is to be started; it may throw. */
  onStart = () => {};
  exits: number[] = [];
  time = 0;
  readonly ended = Promise.withResolvers<Error | undefined>();
  private signal: ((signal: StopSignal) => void) | undefined;
  private readonly env: Environment;
  private watchers: (() => void)[] = [];

  constructor(home: string, env: Environment = {}) {
    this.env = { IRONBARK_HOME: home, ...env };
  }

  run(...argv: string[]): Promise<number> {
    return runCli(argv, this.context());
  }

  raise(signal: StopSignal): void {
    this.signal?.(signal);
  }

  /** Resolves as soon as standard output has this. */
  async printed(text: string): Promise<void> {
    while (!this.out.includes(text)) await new Promise<void>((resolve) => this.watchers.push(resolve));
  }

  private context(): Context {
    const stdin: Readable & { isTTY?: boolean } = Object.assign(this.stdin, { isTTY: this.attended });
    return {
      terminal: { stdin, stdout: this.output('out'), stderr: this.output('err'), env: this.env },
      version: '9.9.9',
      access: {
        findRunning: async () => this.running,
        connect: async () => this.client,
        api: async (_home, url) => createApiClient({ url, token: this.token }),
        loginLink: async (_home, url) => `${url}/login?code=fresh`,
        start: (request) => this.start(request),
        openMemory: async () => ({ memory: this.memory, close: async () => void this.closedMemory++ }),
        openSecrets: async () => ({ secrets: this.secrets, close: async () => void this.closedSecrets++ }),
      },
      onStopSignal: (handler) => {
        this.signal = handler;
        return () => {};
      },
      exit: (code) => this.exits.push(code),
      now: () => this.time,
    };
  }

  private async start(request: StartRequest): Promise<Started> {
    this.starts.push(request);
    this.onStart();
    const url = 'http://127.0.0.1:4747';
    return {
      url,
      loginLink: () => `${url}/login?code=own`,
      stop: async () => void this.stops++,
      exited: this.ended.promise,
    };
  }

  private output(into: 'out' | 'err'): Output {
    const output = new Writable({
      write: (chunk, _encoding, done) => {
        this[into] += String(chunk);
        for (const wake of this.watchers.splice(0)) wake();
        done();
      },
    });
    return Object.assign(output, { isTTY: this.attended });
  }
}
