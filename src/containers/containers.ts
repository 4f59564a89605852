/**
 * Containers behind one port. There is one posture and no option that loosens it: no network, no capabilities, no new
 * privileges, a read-only root, an unprivileged user, and limits on processes, memory, CPU and temporary space. What a
 * container reaches of the outside it reaches through sockets in the one folder that is mounted for that.
 */
export interface Containers {
  /** Whether containers can be had, and what helps where they cannot. Asked anew each time. */
  probe(): Promise<DaemonState>;
  hasImage(image: string): Promise<boolean>;
  /** Creates and starts one. Rejects with `ContainerError`. */
  start(order: ContainerOrder, signal: AbortSignal): Promise<Container>;
  /** Those that carry our labels, also of earlier lives of this program, running or not. */
  mine(): Promise<readonly FoundContainer[]>;
  /** One of those, to go on with; undefined where it is gone. */
  adopt(id: string): Promise<Container | undefined>;
}

export type DaemonState =
  | { readonly state: 'available'; readonly version: string }
  /** `fix`: the command that helps on this system. */
  | {
      readonly state: 'not-installed' | 'not-running' | 'not-allowed';
      readonly message: string;
      readonly fix: string;
    };

export interface ContainerOrder {
  readonly purpose: ContainerPurpose;
  readonly image: string;
  /** Runs as its first process; without it one that only waits, for commands that are run in it. */
  readonly command?: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  /** The only folder of the host's that is shared for work: seen at `/workspace`. */
  readonly workspace: {
    readonly hostPath: string;
    readonly readOnly: boolean;
    /** What lies in it and is not to be seen: an empty folder or file stands in its place. Relative paths. */
    readonly hidden?: readonly { readonly path: string; readonly kind: 'folder' | 'file' }[];
  };
  /** A folder of sockets, seen read-only at `/run/ironbark`; undefined: the container talks to nobody. */
  readonly socketFolder?: string;
  /** Further folders, always read-only: the program itself. */
  readonly readOnly?: readonly { readonly hostPath: string; readonly path: string }[];
  /** A folder that the first process keeps its own state in, seen at `/state`. */
  readonly stateFolder?: string;
  readonly limits: ContainerLimits;
}

/** Becomes labels and the name, so that whoever finds a container knows whose it is. */
export interface ContainerPurpose {
  readonly kind: 'shell' | 'worker' | 'claude_code' | 'acp';
  /** Of the job or the conversation. */
  readonly id: string;
}

export interface ContainerLimits {
  readonly memoryMb: number;
  readonly cpus: number;
  readonly processes: number;
  /** Of `/tmp`, in memory. */
  readonly temporaryMb: number;
  /**
   * By how much the workspace may grow while the container lives; beyond that it is killed, and its end says so. Also
   * the size of a single file. Absent: not limited.
   */
  readonly workspaceMb?: number;
}

export interface Container {
  readonly id: string;
  readonly purpose: ContainerPurpose;
  /** Runs a command in it. Resolves also where the command failed, or was ended by time or signal. */
  exec(command: ExecOrder): Promise<ExecResult>;
  /** What the first process wrote, from the start, and goes on writing; ends with it. */
  logs(
    onOutput: (piece: { readonly stream: 'stdout' | 'stderr'; readonly text: string }) => void,
    signal: AbortSignal,
  ): Promise<void>;
  /** What it takes, about once a second, from now on until it ends. */
  stats(onSample: (sample: ContainerStats) => void, signal: AbortSignal): Promise<void>;
  /** Tells each time the kernel ends a process in it for want of memory, from now on until it ends. */
  shortages(onShortage: () => void, signal: AbortSignal): Promise<void>;
  /** Resolves when its first process has ended, whoever ended it. */
  ended(): Promise<ContainerEnd>;
  /** Asks it to stop, and kills it where it has not within this time. */
  stop(graceMs: number): Promise<void>;
  /** Gone for good, with everything in it; of one that is gone already: nothing. */
  remove(): Promise<void>;
}

export interface ExecOrder {
  readonly command: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  /** Below `/workspace`. */
  readonly workdir?: string;
  readonly stdin?: string;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  readonly onOutput?: (piece: { readonly stream: 'stdout' | 'stderr'; readonly text: string }) => void;
}

export interface ExecResult {
  readonly ended: 'exited' | 'timed-out' | 'aborted';
  readonly exitCode: number | null;
  /** The beginning and the end of what it wrote, where that was much. */
  readonly stdout: string;
  readonly stderr: string;
  readonly durationMs: number;
  /** It was ended because there was no more memory for it. */
  readonly outOfMemory: boolean;
}

/** What a container takes at a moment. */
export interface ContainerStats {
  readonly memoryBytes: number;
  readonly memoryLimitBytes: number;
  /** Of one core: 150 is one and a half. */
  readonly cpuPercent: number;
  readonly processes: number;
  /** Null where the daemon does not say. */
  readonly processLimit: number | null;
  /** Read from and written to disks since it began, in bytes; null where the kernel does not count it. */
  readonly disk: { readonly read: number; readonly written: number } | null;
}

export interface ContainerEnd {
  readonly exitCode: number;
  /** It took more memory than it may. */
  readonly outOfMemory: boolean;
  /** It wrote more into its workspace than it may, and was killed for it. */
  readonly diskFull: boolean;
}

export interface FoundContainer {
  readonly id: string;
  readonly purpose: ContainerPurpose;
  readonly running: boolean;
  /** ISO 8601. */
  readonly createdAt: string;
}
