/** What a process knows of itself and of how it was started. Node's `process` is one. */
export interface ProcessFacts {
  readonly pid: number;
  readonly ppid: number;
  readonly platform: string;
  readonly execPath: string;
  readonly execArgv: readonly string[];
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
}

/**
 * Whether somebody starts the process again when it dies: systemd, or whoever runs the container whose first process
 * it is. Others are not recognised; for those `watchdog.restart_after_seconds = 0` leaves the matter to them.
 */
export function isStartedAgain(facts: ProcessFacts): boolean {
  return facts.pid === 1 || isSystemdService(facts);
}

/**
 * Every program in a terminal inherits `INVOCATION_ID` where that terminal is itself a service, so the process, or
 * the launcher above it, must also be the very one that systemd started (systemd.exec(5), since version 248).
 */
function isSystemdService({ pid, ppid, env }: ProcessFacts): boolean {
  if (env.INVOCATION_ID === undefined) return false;
  const started = env.SYSTEMD_EXEC_PID;
  return started === undefined || started === `${pid}` || started === `${ppid}`;
}

/** Waits until descriptor 3 ends, which is when the process that is replaced is gone with its locks and ports. */
const WAIT_AND_RUN = 'read -r _ <&3; exec 3<&-; exec "$@"';

/**
 * The command that does again what this process was started to do, once this one is gone; on the same port, where it
 * had been left to choose. Undefined where there is no POSIX shell to wait in.
 */
export function replacementOf(
  { platform, execPath, execArgv, argv }: ProcessFacts,
  url?: string,
): { readonly command: string; readonly args: readonly string[] } | undefined {
  if (platform === 'win32') return undefined;
  const port = url === undefined ? [] : ['--port', new URL(url).port];
  const again = [execPath, ...execArgv, ...argv.slice(1), ...port];
  return { command: '/bin/sh', args: ['-c', WAIT_AND_RUN, 'ironbark', ...again] };
}
