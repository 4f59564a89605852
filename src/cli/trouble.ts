import { CommanderError } from 'commander';
import { coerceError, type ErrorKind, IronbarkError } from '../core/errors.ts';
import type { GatewayError, GatewayErrorCode } from '../gateway/index.ts';
import { type Output, print } from './context.ts';

/** What the program ends with after something was thrown, and tells the user about it. */
export function reportTrouble(
  thrown: unknown,
  output: { stdout: Output; stderr: Output; json: boolean },
): number {
  // Help and version are "thrown" too, after they were printed.
  if (thrown instanceof CommanderError && thrown.exitCode === 0) return 0;
  const { kind, message, hint, exitCode } = asIronbarkError(thrown);
  if (output.json) {
    print(output.stdout, JSON.stringify({ error: { kind, message, hint: hint ?? null } }, undefined, 2));
    return exitCode;
  }
  print(output.stderr, `error: ${message}`);
  if (hint !== undefined) print(output.stderr, `hint: ${hint}`);
  return exitCode;
}

function asIronbarkError(thrown: unknown): IronbarkError {
  if (thrown instanceof IronbarkError) return thrown;
  if (thrown instanceof CommanderError) return usageError(thrown);
  if (isGatewayError(thrown)) return new IronbarkError(GATEWAY_KINDS[thrown.code], thrown.message);
  const error = coerceError(thrown);
  return new IronbarkError(
    'internal',
    error.message,
    `This is a defect of Ironbark. It was thrown at:\n${error.stack}`,
  );
}

/** Commander's message reads `error: …`, and its guess stands in brackets on the next line. */
function usageError({ code, message }: CommanderError): IronbarkError {
  if (code === 'commander.help')
    return new IronbarkError('usage', 'A command is missing.', 'See the help above.');
  const [what = '', guess] = message.split('\n');
  const hint = guess?.replace(/^\(|\)$/g, '') ?? 'See: ironbark --help';
  return new IronbarkError('usage', what.replace(/^error: /, ''), hint);
}

/** By name: to know the class, every command would have to load the whole gateway. */
function isGatewayError(thrown: unknown): thrown is GatewayError {
  return thrown instanceof Error && thrown.name === 'GatewayError' && 'code' in thrown;
}

const GATEWAY_KINDS: { readonly [code in GatewayErrorCode]: ErrorKind } = {
  'bad-frame': 'internal',
  'too-large': 'usage',
  'not-found': 'usage',
  forbidden: 'unreachable',
  'too-slow': 'unreachable',
  busy: 'unreachable',
  storage: 'storage',
  'shutting-down': 'unreachable',
  internal: 'internal',
  unreachable: 'unreachable',
  closed: 'unreachable',
};
