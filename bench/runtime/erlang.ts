import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Measured } from './arm.ts';

const SCRIPT = fileURLToPath(new URL('otp.escript', import.meta.url));

/** One round of the contests in Erlang/OTP. Undefined where Erlang is not installed. */
export async function measureErlang(): Promise<Measured | undefined> {
  try {
    const { stdout } = await promisify(execFile)('escript', [SCRIPT]);
    const lines = stdout.trim().split('\n');
    return Object.fromEntries(
      lines.map((line) => line.split(' ')).map(([name, value]) => [name, Number(value)]),
    );
  } catch (error) {
    if (isNotInstalled(error)) return undefined;
    throw error;
  }
}

function isNotInstalled(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}
