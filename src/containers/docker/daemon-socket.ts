import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** The socket of the daemon: the given one, the one that Docker's own variable names, or where systems have it. */
export function daemonSocket(
  configured: string | undefined,
  env: Readonly<Record<string, string | undefined>>,
): string {
  const named = configured ?? unixPath(env.DOCKER_HOST);
  return named ?? usualSockets(env).find((path) => existsSync(path)) ?? SYSTEM_SOCKET;
}

const SYSTEM_SOCKET = '/var/run/docker.sock';

/** Other daemons than the system's: of Docker Desktop, of Colima, of the user alone. */
const usualSockets = ({
  XDG_RUNTIME_DIR,
}: Readonly<Record<string, string | undefined>>): readonly string[] => [
  SYSTEM_SOCKET,
  join(homedir(), '.docker/run/docker.sock'),
  join(homedir(), '.colima/default/docker.sock'),
  ...(XDG_RUNTIME_DIR ? [join(XDG_RUNTIME_DIR, 'docker.sock')] : []),
];

const unixPath = (host: string | undefined): string | undefined => /^unix:\/\/(\/.+)$/.exec(host ?? '')?.[1];
