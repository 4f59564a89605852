import type { Clock } from '../../core/clock.ts';
import { promptOf } from '../../core/routine-actions.ts';
import type {
  DueTime,
  Lateness,
  Routine,
  RoutineAnswer,
  RoutineDraft,
  RoutineGuardrails,
  RoutineNotify,
  RoutineRun,
  RoutineStatus,
  RoutinesDesk,
  RoutineTrigger,
  SystemEvent,
} from '../../core/routines.ts';

const GUARDRAILS: RoutineGuardrails = {
  cooldownSeconds: 300,
  runMode: 'single',
  maxConcurrent: 1,
  dedupSeconds: 0,
  catchUp: 'once',
  jitterSeconds: 0,
  disableAfter: 5,
  timeoutMinutes: 30,
  dayMicroUsd: 0,
};
const NOTIFY: RoutineNotify = { onSuccess: false, onAttention: true, onFailure: true };
const DAY_MS = 86_400_000;
const ON_TIME: Lateness = { runs: 0, p50Ms: 0, p99Ms: 0, maxMs: 0, alarmMs: 60_000 };

/** Routines in a map. A schedule is due every midnight in UTC, whatever it says; `0 0 31 2 *` never is. */
export interface MemoryRoutines extends RoutinesDesk {
  /** What was emitted, without repeats. */
  readonly events: readonly SystemEvent[];
  /** Bodies that webhooks were called with, without repeats. */
  readonly calls: readonly string[];
  /** Has a run end, or a due time accounted for, as if it had happened. */
  addRun(routine: string, run: RoutineRun): void;
  addDue(due: DueTime): void;
  /** How late runs begin from now on. */
  setLateness(lateness: Lateness): void;
}

/** @param announce told of runs that begin, and of those that are added */
export function createMemoryRoutines(
  clock: Clock,
  announce: (run: RoutineRun) => void = () => {},
): MemoryRoutines {
  const routines = new Map<string, Routine>();
  const made = new Map<string, string>();
  const runs = new Map<string, RoutineRun[]>();
  const fired = new Map<string, RoutineRun>();
  const emitted = new Map<string, SystemEvent>();
  const called = new Map<string, string>();
  const dues: DueTime[] = [];
  let lateness = ON_TIME;
  const now = () => new Date(clock.now()).toISOString();
  const find = (name: string) => [...routines.values()].find((one) => one.id === name || one.name === name);
  const runsOf = ({ id }: Routine): RoutineRun[] => runs.get(id) ?? [];

  const explain: RoutinesDesk['explain'] = (schedule, timezone) => {
    if (timezone.startsWith('Nowhere/'))
      return { ok: false, message: `There is no time zone ${timezone}. Did you mean Europe/Berlin?` };
    if (schedule === '0 0 31 2 *')
      return { ok: false, message: 'There are no next times: February has no 31st.' };
    const fields = schedule.trim().split(/\s+/).length;
    if (fields < 5 || fields > 7)
      return { ok: false, message: `A schedule has five to seven fields, not ${fields}.` };
    const midnight = Math.floor(clock.now() / DAY_MS) * DAY_MS;
    const nextTimes = [1, 2, 3, 4, 5].map((days) => new Date(midnight + days * DAY_MS).toISOString());
    return { ok: true, nextTimes, remark: schedule === '0 0 1 * 1' ? 'On the 1st and on Mondays.' : null };
  };

  const objection = (trigger: RoutineTrigger): string | undefined => {
    if (trigger.kind === 'event' && trigger.pattern.includes('('))
      return 'The pattern is not RE2: missing ).';
    if (trigger.kind !== 'cron') return undefined;
    const explained = explain(trigger.schedule, trigger.timezone);
    return explained.ok ? undefined : explained.message;
  };

  const statusOf = (routine: Routine): RoutineStatus => {
    const past = runsOf(routine);
    const last = past[0];
    const failures = past.findIndex(({ status }) => status !== 'failed');
    const consecutiveFailures = failures === -1 ? past.length : failures;
    const isVerified = past.some(({ status }) => status === 'ok');
    const explained =
      routine.trigger.kind === 'cron' && routine.enabled
        ? explain(routine.trigger.schedule, routine.trigger.timezone)
        : undefined;
    return {
      ...routine,
      triggerSummary: summaryOf(routine.trigger),
      actionSummary: promptOf(routine.action).slice(0, 60),
      nextTimes: explained?.ok ? explained.nextTimes : [],
      lastRunAt: last?.startedAt ?? null,
      runCount: past.length,
      consecutiveFailures,
      spentTodayMicroUsd: 0,
      status: stateOf(routine, last, consecutiveFailures, isVerified),
      verification: isVerified ? 'verified' : 'unverified',
      disabledReason: null,
    };
  };

  const answer = (routine: Routine, message: string): RoutineAnswer => {
    routines.set(routine.id, routine);
    return { ok: true, routine: statusOf(routine), message };
  };

  const create = (draft: RoutineDraft, externalId: string): RoutineAnswer => {
    const { guardrails, notify, ...rest } = draft;
    const trigger = zoned(draft.trigger);
    const id = `routine-${routines.size + 1}`;
    made.set(externalId, id);
    const at = now();
    const settled = {
      guardrails: { ...GUARDRAILS, ...guardrails },
      notify: { ...NOTIFY, ...notify },
    };
    const times = { createdAt: at, updatedAt: at };
    return answer({ ...rest, ...settled, ...times, id, trigger, enabled: true }, 'It is armed.');
  };

  const start = (routine: Routine, trigger: RoutineTrigger['kind'], cause: string, key: string) => {
    const earlier = fired.get(key);
    if (earlier !== undefined) return { ok: true as const, run: earlier };
    const id = `run-${fired.size + 1}`;
    const run: RoutineRun = {
      id,
      routineId: routine.id,
      trigger,
      cause,
      dueAt: null,
      startedAt: now(),
      completedAt: null,
      status: 'running',
      summary: null,
      tokensUsed: 0,
      jobId: null,
      conversationId: `run-${id}`,
      lateMs: null,
    };
    fired.set(key, run);
    runs.set(routine.id, [run, ...runsOf(routine)]);
    announce(run);
    return { ok: true as const, run };
  };

  return {
    get events() {
      return [...emitted.values()];
    },
    get calls() {
      return [...called.values()];
    },
    addRun(name, run) {
      const routine = find(name);
      if (routine === undefined) return;
      runs.set(routine.id, [run, ...runsOf(routine).filter(({ id }) => id !== run.id)]);
      announce(run);
    },
    addDue: (due) => dues.unshift(due),
    setLateness(given) {
      lateness = given;
    },
    async create(draft, externalId) {
      const earlier = routines.get(made.get(externalId) ?? '');
      if (earlier !== undefined) return { ok: true, routine: statusOf(earlier), message: 'It is armed.' };
      if (find(draft.name) !== undefined)
        return { ok: false, kind: 'taken', message: `There is a routine named "${draft.name}" already.` };
      const wrong = objection(draft.trigger);
      return wrong === undefined ? create(draft, externalId) : { ok: false, kind: 'invalid', message: wrong };
    },
    async update(name, { guardrails, notify, trigger, ...patch }) {
      const routine = find(name);
      if (routine === undefined) return { ok: false, kind: 'unknown', message: `No routine "${name}".` };
      const wrong = trigger && objection(trigger);
      if (wrong !== undefined) return { ok: false, kind: 'invalid', message: wrong };
      const changed: Routine = {
        ...routine,
        ...patch,
        trigger: trigger === undefined ? routine.trigger : zoned(trigger),
        guardrails: { ...routine.guardrails, ...guardrails },
        notify: { ...routine.notify, ...notify },
        updatedAt: now(),
      };
      return answer(changed, 'It is changed.');
    },
    async remove(name) {
      return routines.delete(find(name)?.id ?? '');
    },
    list: async () => [...routines.values()].map(statusOf),
    async counts() {
      const all = [...routines.values()].map(statusOf);
      const on = all.filter(({ enabled }) => enabled);
      return {
        total: all.length,
        enabled: on.length,
        disabled: all.length - on.length,
        unverified: on.filter(({ verification }) => verification === 'unverified').length,
        failing: on.filter(({ status }) => status === 'failing').length,
        runsToday: [...runs.values()]
          .flat()
          .filter(({ startedAt }) => startedAt.startsWith(now().slice(0, 10))).length,
        lateness,
      };
    },
    async get(name) {
      const routine = find(name);
      return routine && statusOf(routine);
    },
    async fire(name, externalId) {
      const routine = find(name);
      if (routine === undefined) return { ok: false, message: `No routine "${name}".` };
      return start(routine, 'manual', 'by hand', externalId);
    },
    async runs(name, limit) {
      const routine = find(name);
      return routine === undefined ? [] : runsOf(routine).slice(0, limit);
    },
    async dueTimes(name, limit) {
      const id = find(name)?.id;
      return dues.filter(({ routineId }) => routineId === id).slice(0, limit);
    },
    async emit(event, externalId) {
      if (emitted.has(externalId)) return 0;
      emitted.set(externalId, event);
      return [...routines.values()].filter(
        ({ trigger }) =>
          trigger.kind === 'system_event' &&
          trigger.source === event.source &&
          trigger.eventType === event.eventType,
      ).length;
    },
    async atWebhook(path) {
      return [...routines.values()].find(
        ({ trigger, enabled }) => enabled && trigger.kind === 'webhook' && trigger.path === path,
      );
    },
    async webhook(name, { body }, externalId) {
      const routine = find(name);
      if (routine === undefined) return { ok: false, message: `No routine "${name}".` };
      called.set(externalId, body);
      return start(routine, 'webhook', 'a call of its webhook', externalId);
    },
    explain,
  };
}

/** Where nobody named a zone it is the user's. */
const zoned = (trigger: RoutineTrigger): RoutineTrigger =>
  trigger.kind === 'cron' && trigger.timezone === '' ? { ...trigger, timezone: 'UTC' } : trigger;

function summaryOf(trigger: RoutineTrigger): string {
  switch (trigger.kind) {
    case 'cron':
      return `at ${trigger.schedule} (${trigger.timezone})`;
    case 'event':
      return `on messages like /${trigger.pattern}/`;
    case 'system_event':
      return `on ${trigger.source} ${trigger.eventType}`;
    case 'webhook':
      return `on calls of ${trigger.path}`;
    case 'manual':
      return 'by hand';
  }
}

function stateOf(
  { enabled }: Routine,
  last: RoutineRun | undefined,
  failures: number,
  isVerified: boolean,
): RoutineStatus['status'] {
  if (!enabled) return 'disabled';
  if (last?.status === 'running') return 'running';
  if (failures > 0) return 'failing';
  if (last?.status === 'attention') return 'attention';
  return isVerified ? 'active' : 'unverified';
}
