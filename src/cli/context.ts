import type { Readable } from 'node:stream';
import type { Config, ConfigRequest, Environment } from '../config/index.ts';
import type { MemoryDesk } from '../core/memory.ts';
import type { SecretsDesk } from '../core/secrets.ts';
import type { ApiClient } from '../gateway/index.ts';
import type { Client, ConnectionState } from '../repl/index.ts';

/** All that the commands touch of the world. */
export interface Context {
  readonly terminal: Terminal;
  readonly access: Access;
  readonly version: string;
  /** Calls the handler for each signal to stop; returns what ends that. */
  onStopSignal(handler: (signal: StopSignal) => void): () => void;
  /** Ends the process at once. */
  exit(code: number): void;
  /** Milliseconds since the Unix epoch. */
  now(): number;
}

export type StopSignal = 'SIGINT' | 'SIGTERM' | 'SIGHUP';

export interface Terminal {
  readonly stdin: Readable & { readonly isTTY?: boolean };
  readonly stdout: Output;
  readonly stderr: Output;
  readonly env: Environment;
}

export type Output = NodeJS.WritableStream & { readonly isTTY?: boolean; readonly columns?: number };

/** The ways to an assistant: one that runs, or one that is started. */
export interface Access {
  /** The assistant that owns this home folder right now. */
  findRunning(home: string): Promise<Running | undefined>;
  connect(home: string, url: string, onState?: (state: ConnectionState) => void): Promise<Client>;
  /** The HTTP API of the assistant at this address. */
  api(home: string, url: string): Promise<ApiClient>;
  /** A fresh login link from the assistant at this address. */
  loginLink(home: string, url: string): Promise<string>;
  /** Starts one in this process. */
  start(request: StartRequest): Promise<Started>;
  /** The secrets of a home folder that no assistant runs on; it is held until `close`. */
  openSecrets(request: Pick<StartRequest, 'home' | 'config' | 'env'>): Promise<OpenedSecrets>;
  /** The memory of such a home folder. */
  openMemory(request: Pick<StartRequest, 'home' | 'config' | 'env'>): Promise<OpenedMemory>;
}

export interface OpenedSecrets {
  readonly secrets: SecretsDesk;
  close(): Promise<void>;
}

export interface OpenedMemory {
  readonly memory: MemoryDesk;
  close(): Promise<void>;
}

export interface Running {
  readonly url: string;
  readonly pid: number;
  readonly version: string;
}

export interface StartRequest {
  readonly home: string;
  readonly config: Config;
  /** What the configuration was made of, so that it can be changed; without it, of home folder and environment. */
  readonly configRequest?: ConfigRequest;
  readonly version: string;
  /** The process's environment, for the choice of the model. */
  readonly env: Environment;
  /** Where warnings go besides the log file; without it nowhere, because a conversation owns the terminal. */
  readonly warnings?: Output;
  /**
   * Whether its event loop is watched, and what follows where it stays blocked: `report`, the log says so;
   * `restart`, the process is replaced as well. Default: it is not watched.
   */
  readonly watch?: 'report' | 'restart';
}

export interface Started {
  readonly url: string;
  loginLink(): string;
  stop(): Promise<void>;
  /** Resolves when it has ended, with the reason where it did not end by `stop`. */
  readonly exited: Promise<Error | undefined>;
}

/** The options that every command takes. */
export interface Settings {
  readonly home: string;
  readonly json: boolean;
  readonly colour: boolean;
  readonly profile?: string;
  readonly port?: string;
  readonly logLevel?: string;
}

/** A person sits at both ends. */
export function isInteractive({ stdin, stdout }: Terminal): boolean {
  return stdin.isTTY === true && stdout.isTTY === true;
}

export function print(output: Output, text: string): void {
  output.write(`${text}\n`);
}

/** Prints a result as one JSON document, or else as text. */
export function printResult(
  { terminal }: Context,
  { json }: Settings,
  value: unknown,
  text: () => string,
): void {
  print(terminal.stdout, json ? JSON.stringify(value, undefined, 2) : text());
}
