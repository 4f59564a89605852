import { readFileSync } from 'node:fs';

/** A script that runs inside. It is handed over as a text, so that any image with bash will do. */
const script = (name: string): (() => string) => {
  let text: string | undefined;
  return () => {
    text ??= withoutComments(readFileSync(new URL(`../inside/${name}`, import.meta.url), 'utf8'));
    return text;
  };
};

/** What is in a command line is in every list of processes. */
const withoutComments = (text: string): string => text.replace(/^\s*(?:#|\/\/).*\n/gm, '');

const firstProcess = script('first-process.sh');
const runCommand = script('run-command.sh');
const forwarder = script('forwarder.mjs');

const BASH: readonly string[] = ['bash', '--noprofile', '--norc', '-c'];

/** The first process of a container: runs the command, or waits where there is none. */
export const firstCommand = (
  command: readonly string[] | undefined,
  forwards: boolean,
): readonly string[] => [
  ...BASH,
  firstProcess(),
  'ironbark',
  forwards ? forwarder() : '',
  ...(command ?? []),
];

const LAUNCHER = 'IRONBARK_LAUNCHER';

/** Runs a command in a container that is up, with the variables below. */
export const launch = (
  command: readonly string[],
  inputBytes: number,
  graceMs: number,
): readonly string[] => [
  ...BASH,
  `eval "$${LAUNCHER}"`,
  'ironbark',
  String(inputBytes),
  String(Math.ceil(graceMs / 1000)),
  ...command,
];

export const launcherVariables = (): Readonly<Record<string, string>> => ({ [LAUNCHER]: runCommand() });
