import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { PACKAGE_ROOT } from '../src/core/package-root.ts';

/** The assistant in a process of its own, started as a user starts it. */
export interface RunningAssistant extends AsyncDisposable {
  readonly url: string;
  readonly token: string;
  /** Of the process that runs the program. */
  readonly pid: number;
  /** From the start of the process until `/readyz` answered 200. */
  readonly readyMs: number;
}

export interface AssistantOptions {
  readonly home: string;
  /** Where Node keeps compiled code between starts. */
  readonly cache: string;
  /** Settings, as environment variables. Nothing else of the user's environment is handed on. */
  readonly env?: Readonly<Record<string, string>>;
  readonly nodeFlags?: readonly string[];
}

const LAUNCHER = join(PACKAGE_ROOT, 'bin', 'ironbark.js');
/** Longest that a stop may take before the process is killed. */
const STOP_MS = 10_000;

type Child = ChildProcessByStdio<null, Readable, Readable>;

export async function startAssistant(options: AssistantOptions): Promise<RunningAssistant> {
  const startedAt = performance.now();
  const child = spawnAssistant(options);
  try {
    const { url, pid } = await announcement(child);
    await requireReady(url);
    const readyMs = performance.now() - startedAt;
    const token = (await readFile(join(options.home, 'gateway-token'), 'utf8')).trim();
    return { url, pid, token, readyMs, [Symbol.asyncDispose]: () => stop(child) };
  } catch (error) {
    child.kill('SIGKILL');
    throw error;
  }
}

/** The settings that make the assistant use a model server as any OpenAI-compatible service. */
export function modelEnvironment(serverUrl: string): Readonly<Record<string, string>> {
  return { IRONBARK_LLM_PROVIDER: 'openai-compatible', IRONBARK_LLM_BASE_URL: serverUrl };
}

function spawnAssistant({ home, cache, env = {}, nodeFlags = [] }: AssistantOptions): Child {
  const { PATH = '' } = process.env;
  const args = [...nodeFlags, LAUNCHER, 'serve', '--json', '--port', '0', '--home', home];
  return spawn(process.execPath, args, {
    env: { PATH, HOME: home, XDG_CACHE_HOME: cache, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

async function announcement(child: Child): Promise<{ url: string; pid: number }> {
  let complaints = '';
  child.stderr.on('data', (chunk) => {
    complaints += chunk;
  });
  let said = '';
  for await (const line of createInterface({ input: child.stdout })) {
    if (line.startsWith('{"url"')) return JSON.parse(line);
    said += `${line}\n`;
  }
  throw new Error(`The assistant did not start: ${said}${complaints}`);
}

async function requireReady(url: string): Promise<void> {
  const { status } = await fetch(new URL('/readyz', url));
  if (status !== 200)
    throw new Error(`/readyz answered ${status} after the assistant had said it was ready.`);
}

async function stop(child: Child): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill('SIGTERM');
  const force = setTimeout(() => child.kill('SIGKILL'), STOP_MS);
  await gone;
  clearTimeout(force);
}
