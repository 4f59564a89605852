import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AuditRecord } from '../../core/audit.ts';
import type {
  Container,
  ContainerLimits,
  ContainerOrder,
  Containers,
  ExecOrder,
  ExecResult,
} from '../containers.ts';
import { createContainers } from '../create-containers.ts';
import { SANDBOX_IMAGE } from '../image/image-name.ts';
import { createRefusalLog } from '../refusals/refusal-log.ts';
import { withRefusals } from '../refusals/with-refusals.ts';
import { type DockerDaemon, startDockerDaemon } from './docker-daemon.ts';

/** Real containers of a real daemon, with workspaces that are gone after the tests. */
export interface ContainerBench extends AsyncDisposable {
  readonly daemon: DockerDaemon;
  readonly containers: Containers;
  /** What was put on record of what they were refused. */
  readonly audit: readonly AuditRecord[];
  /** Whose containers they are. */
  readonly home: string;
  /** An empty folder. */
  folder(): string;
  order(more?: Partial<ContainerOrder>): ContainerOrder;
  /** One that waits for commands. */
  open(more?: Partial<ContainerOrder>): Promise<OpenContainer>;
}

export interface OpenContainer {
  readonly container: Container;
  /** Its workspace on the host. */
  readonly workspace: string;
  /** Runs a line of bash in it. */
  sh(line: string, more?: Partial<ExecOrder>): Promise<ExecResult>;
}

export const NEVER = new AbortController().signal;

const LIMITS: ContainerLimits = { memoryMb: 256, cpus: 2, processes: 64, temporaryMb: 64 };

export async function openContainerBench(): Promise<ContainerBench> {
  const daemon = await startDockerDaemon();
  const top = mkdtempSync(join(tmpdir(), 'ib-containers-'));
  const folder = (): string => mkdtempSync(join(top, 'w-'));
  const audit: AuditRecord[] = [];
  let minutes = 0;
  const refusals = createRefusalLog({
    audit: { write: async (lines) => void audit.push(...lines) },
    // Each look is a minute after the one before, so that no line is held back.
    clock: { now: () => (minutes += 60_000) },
    redact: async (text) => ({ text }),
    onDefect: (thrown) => {
      throw thrown;
    },
  });
  const containers = withRefusals(createContainers({ home: top, socketPath: daemon.socketPath }), refusals);
  let count = 0;
  const order = (more: Partial<ContainerOrder> = {}): ContainerOrder => ({
    purpose: { kind: 'shell', id: `test-${++count}` },
    image: SANDBOX_IMAGE,
    environment: {},
    workspace: { hostPath: folder(), readOnly: false },
    limits: LIMITS,
    ...more,
  });
  return {
    daemon,
    containers,
    audit,
    home: top,
    folder,
    order,
    async open(more) {
      const ordered = order(more);
      const container = await containers.start(ordered, NEVER);
      return {
        container,
        workspace: ordered.workspace.hostPath,
        sh: (line, extra) =>
          container.exec({ command: ['bash', '-c', line], timeoutMs: 20_000, signal: NEVER, ...extra }),
      };
    },
    async [Symbol.asyncDispose]() {
      await daemon[Symbol.asyncDispose]();
      rmSync(top, { recursive: true, force: true });
    },
  };
}
