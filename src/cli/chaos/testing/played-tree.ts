import type { TreeNode } from '../../../core/tree.ts';
import type { Fault, Inflicted, Subject, Time } from '../fault.ts';

/** How long a played restart takes. */
export const RESTART_MS = 10;
const PERIOD_MS = 1_000;

interface Played {
  readonly path: string;
  incarnation: number;
  /** When it is up again, or its mailbox is served again. */
  upAt: number;
  servedAt: number;
}

/**
 * A tree that is played: a supervisor `root/work` with workers of these names. A worker that crashes is down for
 * RESTART_MS; `root/work` may restart `allowed` of them within a second. Time passes only where somebody waits.
 */
export class PlayedTree implements Subject {
  /** Everything that was inflicted, as `crash root/work/a`, in order. */
  readonly suffered: string[] = [];
  /** Paths that refuse to hang and to be delayed. */
  readonly stubborn = new Set<string>();
  /** Workers that do not come back. */
  readonly doomed = new Set<string>();
  /** Restarts within the last second, at the worst. */
  worst = 0;
  now = 0;
  readonly time: Time = {
    now: () => this.now,
    wait: async (milliseconds) => {
      this.now += milliseconds;
    },
  };
  readonly #allowed: number;
  readonly #workers: Played[];
  #restarts: number[] = [];

  constructor(workers: readonly string[], allowed = 1_000) {
    this.#allowed = allowed;
    this.#workers = workers.map((id) => ({
      path: `root/work/${id}`,
      incarnation: 1,
      upAt: 0,
      servedAt: 0,
    }));
  }

  async tree(): Promise<TreeNode> {
    const used = this.#used();
    const workers = this.#workers.map((worker) => this.#node(worker));
    const work = { ...supervisor('root/work', workers), intensity: { used, allowed: this.#allowed } };
    return supervisor('root', [work]);
  }

  async inflict(path: string, fault: Fault): Promise<Inflicted> {
    const worker = this.#workers.find((one) => one.path === path);
    if (fault.kind !== 'crash' && this.stubborn.has(path)) return 'refused';
    this.suffered.push(`${fault.kind} ${path}`);
    if (!worker) return 'done';
    if (fault.kind === 'delay') worker.servedAt = this.now + fault.milliseconds + RESTART_MS;
    else this.#restart(worker);
    return 'done';
  }

  #restart(worker: Played): void {
    this.#restarts.push(this.now);
    this.worst = Math.max(this.worst, this.#used());
    worker.incarnation++;
    worker.upAt = this.doomed.has(worker.path) ? Number.POSITIVE_INFINITY : this.now + RESTART_MS;
  }

  #used(): number {
    return this.#restarts.filter((at) => at > this.now - PERIOD_MS).length;
  }

  #node({ path, incarnation, upAt, servedAt }: Played): TreeNode {
    return {
      ...node(path, 'worker'),
      incarnation,
      state: this.now < upAt ? 'restarting' : 'running',
      mailbox: this.now < servedAt ? 3 : 0,
    };
  }
}

function supervisor(path: string, children: readonly TreeNode[]): TreeNode {
  return { ...node(path, 'supervisor'), children };
}

/** An actor that runs. */
export function node(path: string, kind: TreeNode['kind']): TreeNode {
  const id = path.slice(path.lastIndexOf('/') + 1);
  return { id, path, kind, state: 'running', incarnation: 1, restarts: 0, mailbox: 0, children: [] };
}
