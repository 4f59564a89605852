import { existsSync } from 'node:fs';
import type { DaemonState } from '../containers.ts';

type Trouble = Exclude<DaemonState, { readonly state: 'available' }>;

interface Place {
  readonly socket: string;
  readonly platform: NodeJS.Platform;
  /** Whether the daemon's program is on this machine. */
  readonly isInstalled: boolean;
  /** Whether this system has apt. */
  readonly hasApt: boolean;
}

/** What an answer like this one from the daemon's socket means to a person, and the command that helps. */
export function daemonTrouble(code: string | undefined, place: Place): Trouble {
  if (code === 'EACCES' || code === 'EPERM')
    return {
      state: 'not-allowed',
      message: `Docker runs, but this user may not use its socket, ${place.socket}.`,
      fix: 'sudo usermod -aG docker "$USER"   (then log in again)',
    };
  if (!place.isInstalled)
    return { state: 'not-installed', message: 'Docker is not installed.', fix: howToInstall(place) };
  return {
    state: 'not-running',
    message: `Docker is installed, but nothing answers at ${place.socket}.`,
    fix: place.platform === 'darwin' ? 'open -a Docker' : 'sudo systemctl start docker',
  };
}

function howToInstall({ platform, hasApt }: Place): string {
  if (platform === 'darwin') return 'brew install --cask docker && open -a Docker';
  if (platform === 'win32') return 'wsl --install   (then install Docker inside it)';
  return hasApt ? 'sudo apt-get install docker.io' : 'see https://docs.docker.com/engine/install/';
}

const DAEMONS = [
  '/usr/bin/dockerd',
  '/usr/sbin/dockerd',
  '/usr/local/bin/dockerd',
  '/Applications/Docker.app',
];

/** This machine's. */
export const placeOf = (socket: string): Place => ({
  socket,
  platform: process.platform,
  isInstalled: existsSync(socket) || DAEMONS.some((path) => existsSync(path)),
  hasApt: existsSync('/usr/bin/apt-get'),
});
