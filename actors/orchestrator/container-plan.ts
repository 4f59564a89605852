import { createHash } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ContainerLimits, Containers } from '../../src/containers/index.ts';
import type { Orchestrator } from '../../src/orchestrator/index.ts';
import type { WorkBells } from './bells.ts';

/** What containers of jobs are made of. */
export interface ContainerParts {
  readonly containers: Containers;
  readonly orchestrator: Orchestrator;
  readonly bells: WorkBells;
  /** The folder below which sockets and states of jobs lie. */
  readonly folder: string;
  /** Read anew for each container. */
  readonly settings: ContainerSettings;
  /** How long one may take to end when it is asked to, in milliseconds. */
  readonly graceMs?: number;
}

export interface ContainerSettings {
  readonly image: string;
  readonly limits: ContainerLimits;
}

/** What runs in the container of a job of this mode. */
export interface ContainerMode {
  readonly mode: 'worker' | 'claude_code' | 'acp';
  command(jobId: string): readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  /** Further folders, read-only. */
  readonly readOnly?: readonly { readonly hostPath: string; readonly path: string }[];
}

export interface JobFolders {
  /** Nobody else on this machine comes past it: the sockets are open to every account, as that of a container is any. */
  readonly shelter: string;
  /** Within the shelter. */
  readonly socketFolder: string;
  readonly stateFolder: string;
}

export const SOCKET_NAME = 'orchestrator.sock';
export const EGRESS_SOCKET_NAME = 'egress.sock';

const SOCKETS = 's';

/** Addresses of sockets are this long at most, with the byte that ends them. */
const LONGEST_SOCKET_PATH = 107;

/** The same for the same job in every life of this program. */
export function foldersOf(folder: string, jobId: string): JobFolders {
  const short = createHash('sha256').update(`${folder}\n${jobId}`).digest('hex').slice(0, 16);
  const near = join(folder, 'run', short);
  const fits = Buffer.byteLength(join(near, SOCKETS, SOCKET_NAME)) <= LONGEST_SOCKET_PATH;
  const shelter = fits ? near : join(tmpdir(), `ib-${short}`);
  return {
    shelter,
    socketFolder: join(shelter, SOCKETS),
    stateFolder: join(folder, 'jobs', jobId),
  };
}
