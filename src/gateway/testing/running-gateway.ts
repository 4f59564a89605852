import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Clock } from '../../core/clock.ts';
import { countedIds } from '../../core/ids.ts';
import { PACKAGE_ROOT } from '../../core/package-root.ts';
import { createFileScope } from '../../tools/index.ts';
import { type ConnectOptions, connect, type GatewayClient } from '../client.ts';
import { createGateway, type Gateway, type GatewayOptions } from '../gateway.ts';
import {
  createMemoryAssistant,
  type MemoryAssistant,
  type MemoryAssistantOptions,
} from './memory-assistant.ts';

export const TOKEN = 'a-token-that-is-long-enough';

/** A gateway on a free port, with time and heartbeat in the test's hands. Ends with its scope (`await using`). */
export interface RunningGateway extends AsyncDisposable {
  readonly gateway: Gateway;
  readonly assistant: MemoryAssistant;
  readonly url: string;
  readonly port: number;
  readonly logged: readonly LogLine[];
  advance(ms: number): void;
  beat(): void;
  /** The folder that attachments are stored in. */
  readonly filesDir: string;
  /** Bytes that wait in the gateway's memory for its clients. */
  unread(): number;
  /** A client that is closed with the gateway. Reconnects at once unless told otherwise. */
  connect(options?: Partial<ConnectOptions>): Promise<GatewayClient>;
}

export interface LogLine {
  readonly level: 'info' | 'warn' | 'error';
  readonly fields: object;
  readonly message: string;
}

export interface RunOptions extends Partial<GatewayOptions> {
  readonly memory?: Partial<MemoryAssistantOptions>;
}

export async function runGateway({ memory, ...overrides }: RunOptions = {}): Promise<RunningGateway> {
  let now = Date.UTC(2030, 0, 1);
  const clock: Clock = { now: () => now };
  const logged: LogLine[] = [];
  const log = (level: LogLine['level']) => (fields: object, message: string) => {
    logged.push({ level, fields, message });
  };
  const assistant = createMemoryAssistant({ clock, ...memory });
  const clients: GatewayClient[] = [];
  let beat = () => {};
  const filesDir = await mkdtemp(join(tmpdir(), 'ironbark-files-'));
  const gateway = createGateway({
    files: createFileScope({ root: filesDir, temporary: [] }),
    assistant,
    host: '127.0.0.1',
    port: 0,
    token: TOKEN,
    version: '1.2.3',
    publicDir: join(PACKAGE_ROOT, 'web', 'dist'),
    clock,
    ids: countedIds('gateway'),
    allowFaults: false,
    checkAnswers: true,
    log: { info: log('info'), warn: log('warn'), error: log('error') },
    every: (_, work) => {
      beat = work;
      return () => {};
    },
    ...overrides,
  });
  const { url, port } = await gateway.start();

  return {
    gateway,
    assistant,
    url,
    port,
    filesDir,
    logged,
    advance(ms) {
      now += ms;
    },
    beat: () => beat(),
    unread: () => gateway.load().unreadBytes,
    async connect(options = {}) {
      const client = await connect({ url, token: TOKEN, backOff: soon, ids: countedIds('m'), ...options });
      clients.push(client);
      return client;
    },
    async [Symbol.asyncDispose]() {
      await Promise.all(clients.map((client) => client.close()));
      await gateway.stop();
      await rm(filesDir, { recursive: true, force: true });
    },
  };
}

const soon = () => new Promise<void>((resolve) => setImmediate(resolve));
