import type { Clock } from '../../core/clock.ts';
import { IronbarkError } from '../../core/errors.ts';
import { countedIds, type Ids } from '../../core/ids.ts';
import type { JsonObject } from '../../core/json.ts';
import {
  hasEnded,
  type JobAnswer,
  type JobDetail,
  type JobEvent,
  type JobFile,
  type JobOrder,
  type JobState,
  type JobSummary,
  type WorkDesk,
  type WorkEvent,
} from '../../core/work.ts';

/** Jobs in arrays, which begin, speak and end when the test says so. */
export interface MemoryWork extends WorkDesk {
  /** What was ordered, in order. */
  readonly orders: readonly JobOrder[];
  /** What was said to jobs, as `id: content`; behind it `(done)` where that was the last, and a model's origins. */
  readonly prompts: readonly string[];
  /** Every file of every job, by path; a folder has null. */
  readonly contents: Map<string, string | null>;
  move(id: string, to: JobState, reason?: string, result?: string): void;
  say(id: string, type: JobEvent['type'], data: JsonObject): void;
  watch(listener: (event: WorkEvent) => void): () => void;
  /** Tells those who watch of something else: a run of a routine. */
  announce(event: WorkEvent): void;
}

export interface MemoryWorkOptions {
  readonly clock: Clock;
  readonly ids?: Ids;
}

interface Kept {
  detail: JobDetail;
  readonly order: JobOrder;
  readonly events: JobEvent[];
}

export function createMemoryWork({ clock, ids = countedIds('job') }: MemoryWorkOptions): MemoryWork {
  const jobs = new Map<string, Kept>();
  const byExternalId = new Map<string, string>();
  const listeners = new Set<(event: WorkEvent) => void>();
  const orders: JobOrder[] = [];
  const prompts: string[] = [];
  const contents = new Map<string, string | null>();
  const now = () => new Date(clock.now()).toISOString();
  const emit = (event: WorkEvent) => {
    for (const listener of [...listeners]) listener(event);
  };

  const all = (): readonly JobDetail[] => [...jobs.values()].map(({ detail }) => detail).reverse();

  function find(id: string): Kept | Extract<JobAnswer, { ok: false }> {
    const exact = jobs.get(id);
    if (exact) return exact;
    const begun = [...jobs.values()].filter(({ detail }) => detail.id.startsWith(id));
    const [one] = begun;
    if (one === undefined) return { ok: false, kind: 'unknown', message: `There is no job ${id}.` };
    if (begun.length === 1) return one;
    return {
      ok: false,
      kind: 'ambiguous',
      message: `${begun.length} jobs begin with ${id}. Say more of it.`,
    };
  }

  function create(order: JobOrder, externalId: string): JobSummary {
    const known = jobs.get(byExternalId.get(externalId) ?? '');
    if (known) return known.detail;
    if (order.work.kind === 'task' && order.work.mode !== 'local') {
      throw new IronbarkError(
        'usage',
        'Docker is not running here.',
        'Start it with: systemctl start docker',
      );
    }
    const id = ids.next();
    orders.push(order);
    byExternalId.set(externalId, id);
    const detail = detailOf(id, order, now());
    jobs.set(id, { detail, order, events: [] });
    const parent = detail.parentId === null ? undefined : jobs.get(detail.parentId);
    if (parent) parent.detail = { ...parent.detail, children: [...parent.detail.children, detail] };
    emit({ type: 'job', job: detail });
    return detail;
  }

  function move(id: string, to: JobState, reason = '', result?: string): void {
    const kept = jobs.get(id);
    if (!kept) throw new Error(`no job ${id}`);
    const { detail } = kept;
    const at = now();
    kept.detail = {
      ...detail,
      state: to,
      ahead: null,
      startedAt: detail.startedAt ?? (to === 'inProgress' ? at : null),
      completedAt: detail.completedAt ?? (hasEnded(to) ? at : null),
      result: result ?? detail.result,
      canPrompt: to === 'inProgress',
      canRestart: to === 'failed' || to === 'cancelled',
      transitions: [...detail.transitions, { from: detail.state, to, at, reason }],
    };
    emit({ type: 'job', job: kept.detail });
  }

  function change(id: string, work: (kept: Kept) => JobAnswer): JobAnswer {
    const found = find(id);
    return 'ok' in found ? found : work(found);
  }

  const done = ({ detail }: Kept, message: string): JobAnswer => ({ ok: true, job: detail, message });

  return {
    orders,
    prompts,
    contents,
    move,
    say(id, type, data) {
      const kept = jobs.get(id);
      if (!kept) throw new Error(`no job ${id}`);
      const event: JobEvent = { seq: kept.events.length + 1, at: now(), type, data };
      kept.events.push(event);
      emit({ type: 'job-event', jobId: id, event });
    },
    announce: emit,
    watch(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    create: async (order, externalId) => create(order, externalId),
    async list({ filter, limit, parentId }) {
      const fits = all().filter(
        (job) => isWanted(filter, job.state) && (parentId === undefined || job.parentId === parentId),
      );
      return fits.slice(0, limit);
    },
    async counts() {
      const states = all().map(({ state }) => state);
      const of = (...wanted: readonly JobState[]) => states.filter((state) => wanted.includes(state)).length;
      return {
        total: states.length,
        pending: of('pending'),
        inProgress: of('inProgress'),
        completed: of('completed', 'submitted', 'accepted'),
        failed: of('failed'),
        stuck: of('stuck'),
        cancelled: of('cancelled'),
      };
    },
    async get(id) {
      const found = find(id);
      return 'ok' in found ? undefined : found.detail;
    },
    cancel: async (id, reason) =>
      change(id, (kept) => {
        const { title, state } = kept.detail;
        if (hasEnded(state)) {
          return { ok: false, kind: 'refused', message: `"${title}" has ended already: it is ${state}.` };
        }
        move(kept.detail.id, 'cancelled', reason);
        return done(kept, `Cancelled "${title}".`);
      }),
    restart: async (id, externalId) =>
      change(id, (kept) => {
        if (!kept.detail.canRestart) {
          const message = `"${kept.detail.title}" neither failed nor was it cancelled.`;
          return { ok: false, kind: 'refused', message };
        }
        const job = create(kept.order, externalId);
        return { ok: true, job, message: `"${job.title}" begins anew as ${job.id}.` };
      }),
    prompt: async (id, content, isLast, _externalId, by) =>
      change(id, (kept) => {
        if (!kept.detail.canPrompt) {
          return { ok: false, kind: 'refused', message: `"${kept.detail.title}" does not run.` };
        }
        const under = by === undefined ? '' : ` under ${by.origins.join(', ')}`;
        prompts.push(`${kept.detail.id}: ${content}${isLast ? ' (done)' : ''}${under}`);
        return done(kept, `Told "${kept.detail.title}".`);
      }),
    judge: async (id, verdict, reason) =>
      change(id, (kept) => {
        const { title, state } = kept.detail;
        if (state !== 'completed' && state !== 'submitted') {
          return { ok: false, kind: 'refused', message: `"${title}" has no result to be judged.` };
        }
        move(kept.detail.id, verdict === 'accept' ? 'accepted' : 'failed', reason ?? verdict);
        return done(kept, verdict === 'accept' ? `Accepted "${title}".` : `Sent "${title}" back.`);
      }),
    async events(id, { after = 0, latest, limit }) {
      const found = find(id);
      if ('ok' in found) return [];
      if (latest) return found.events.slice(-limit);
      return found.events.filter(({ seq }) => seq > after).slice(0, limit);
    },
    async files(id, path) {
      if ('ok' in find(id)) return undefined;
      if (path !== '' && contents.get(path) !== null) return undefined;
      return filesIn(contents, path);
    },
    async readFile(id, path) {
      const content = 'ok' in find(id) ? undefined : contents.get(path);
      return typeof content === 'string'
        ? { ok: true, content }
        : { ok: false, message: `There is no file ${path}.` };
    },
    async wait(wanted, signal) {
      const known = () => wanted.flatMap((id) => jobs.get(id)?.detail ?? []);
      const isOver = () => known().every(({ state }) => hasEnded(state));
      if (isOver() || signal.aborted) return known();
      await new Promise<void>((resolve) => {
        signal.addEventListener('abort', () => resolve(), { once: true });
        listeners.add(() => isOver() && resolve());
      });
      return known();
    },
  };
}

function isWanted(filter: 'all' | 'active' | 'completed' | 'failed', state: JobState): boolean {
  if (filter === 'all') return true;
  if (filter === 'active') return !hasEnded(state);
  if (filter === 'failed') return state === 'failed' || state === 'cancelled';
  return state === 'completed' || state === 'submitted' || state === 'accepted';
}

function detailOf(id: string, order: JobOrder, at: string): JobDetail {
  return {
    id,
    title: order.title,
    description: order.description,
    state: 'pending',
    userId: 'owner',
    priority: order.priority,
    work: order.work.kind,
    mode: order.work.kind === 'task' ? order.work.mode : 'local',
    createdAt: at,
    startedAt: null,
    completedAt: null,
    ahead: 0,
    parentId: order.by.kind === 'model' ? order.by.jobId : null,
    by: order.by,
    origins: order.origins,
    costMicroUsd: 0,
    projectDir: order.projectDir ?? `jobs/${id}`,
    conversationId: `job-${id}`,
    result: null,
    transitions: [{ from: null, to: 'pending', at, reason: 'ordered' }],
    attempts: 1,
    tokensUsed: 0,
    limits: order.limits,
    children: [],
    canRestart: false,
    canPrompt: false,
  };
}

function filesIn(contents: ReadonlyMap<string, string | null>, folder: string): readonly JobFile[] {
  const prefix = folder === '' ? '' : `${folder}/`;
  return [...contents]
    .filter(([path]) => path.startsWith(prefix) && !path.slice(prefix.length).includes('/'))
    .filter(([path]) => path !== folder)
    .map(([path, content]) => ({
      name: path.slice(prefix.length),
      path,
      isDirectory: content === null,
      bytes: content?.length ?? 0,
    }));
}
