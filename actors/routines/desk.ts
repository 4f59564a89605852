import { createHash } from 'node:crypto';
import { periodsAt } from '../../src/budget/index.ts';
import type {
  RoutineAnswer,
  RoutineDraft,
  RoutinePatch,
  RoutineRun,
  RoutinesDesk,
  SystemEvent,
} from '../../src/core/routines.ts';
import {
  changeRoutine,
  checkAction,
  checkTrigger,
  claimDue,
  countRoutines,
  DEFAULT_ROUTINES,
  explainSchedule,
  findRoutine,
  guardrailsOf,
  insertRoutine,
  type KnownRoutine,
  notifyOf,
  queueStatement,
  readDueTimes,
  readRoutines,
  readRun,
  readRuns,
  removeRoutine,
  routineAtWebhook,
  routineIdOf,
  routineOf,
  statusOf,
  tellSystemEvent,
  usedUpBudgets,
  usedUpReason,
  type WantedRun,
} from '../../src/routines/index.ts';
import type { Environment } from '../environment.ts';
import { causesOf } from './causes.ts';
import { stopRun } from './run.ts';

/** Routines whose next times are computed before others have their turn: some 10 ms. */
const AT_ONCE = 40;

/** What people and tools do with routines, as far as it needs the running tree. */
export function createRoutinesDesk(of: () => Environment): RoutinesDesk {
  const now = (): number => of().clock.now();
  const find = (routine: string) => findRoutine(of().database, routine, today(of()));
  const shown = (row: KnownRoutine) => statusOf(row, of().settings.timezone, now());

  return {
    create: (draft, externalId) => create(of(), draft, externalId),
    async update(routine, patch) {
      const before = await find(routine);
      return before ? update(of(), before, patch) : unknown(routine);
    },
    async remove(routine) {
      const row = await find(routine);
      if (!row) return false;
      await remove(of(), row.id);
      return true;
    },
    async list() {
      const rows = await readRoutines(of().database, today(of()));
      const all = [];
      for (const [index, row] of rows.entries()) {
        if (index > 0 && index % AT_ONCE === 0) await new Promise((resolve) => setImmediate(resolve));
        all.push(shown(row));
      }
      return all;
    },
    counts: () => {
      const { lateAfterMs } = of().settings.routines ?? DEFAULT_ROUTINES;
      return countRoutines(of().database, { midnight: midnight(of()), now: now(), alarmMs: lateAfterMs });
    },
    async get(routine) {
      const row = await find(routine);
      return row && shown(row);
    },
    async fire(routine, externalId) {
      const row = await find(routine);
      if (!row) return { ok: false, message: unknown(routine).message };
      if (row.running && row.guardrails.runMode === 'single') {
        const known = await readRun(of().database, row.id, fireKey(externalId));
        return known ? { ok: true, run: known } : { ok: false, message: `"${row.name}" is running already.` };
      }
      const usedUp = (await usedUpBudgets(of().database, [routineOf(row)], today(of()))).get(row.id);
      if (usedUp) return { ok: false, message: usedUpReason(usedUp) };
      const wanted = { ...BY_HAND, routineId: row.id, key: fireKey(externalId) };
      return { ok: true, run: await queue(of(), wanted) };
    },
    async runs(routine, limit) {
      const row = await find(routine);
      return row ? readRuns(of().database, row.id, limit) : [];
    },
    async dueTimes(routine, limit) {
      const row = await find(routine);
      return row ? readDueTimes(of().database, row.id, limit) : [];
    },
    emit: (event, externalId) => emit(of(), event, externalId),
    atWebhook: (path) => routineAtWebhook(of().database, path),
    async webhook(routine, call, externalId) {
      const row = await find(routine);
      if (!row?.enabled || row.trigger.kind !== 'webhook')
        return { ok: false, message: unknown(routine).message };
      const cause = `webhook ${row.trigger.path}`;
      const { dedupSeconds } = routineOf(row).guardrails;
      const told = { told: call.body, origins: call.origins };
      const wanted = {
        ...CALLED,
        ...told,
        cause,
        dedupSeconds,
        routineId: row.id,
        key: `webhook ${externalId}`,
      };
      return { ok: true, run: await queue(of(), wanted) };
    },
    explain: (schedule, timezone) => {
      const own = of().settings.timezone;
      return explainSchedule(schedule, timezone.trim() || own, now(), own);
    },
  };
}

const unknown = (routine: string) =>
  ({ ok: false, kind: 'unknown', message: `There is no routine "${routine}".` }) as const;

const invalid = (message: string): RoutineAnswer => ({ ok: false, kind: 'invalid', message });

const NAME = /^[^\p{Cc}]{1,100}$/u;

async function create(env: Environment, draft: RoutineDraft, externalId: string): Promise<RoutineAnswer> {
  const { timezone } = env.settings;
  const known = await findRoutine(env.database, routineIdOf(externalId), today(env));
  if (known) return answer(env, known, `The routine "${known.name}" is there.`);
  const name = draft.name.trim();
  if (!NAME.test(name)) return invalid('A routine has a name of 1 to 100 characters, on one line.');
  const now = env.clock.now();
  const trigger = await checkTrigger(draft.trigger, timezone, now);
  if (!trigger.ok) return invalid(trigger.error);
  const action = checkAction(draft.action);
  if (!action.ok) return invalid(action.error);
  const checked = { ...draft, name, trigger: trigger.value.trigger, action: action.value };
  const written = await insertRoutine(env.database, checked, externalId, now);
  if (!written) return { ok: false, kind: 'taken', message: `There is a routine "${name}" already.` };
  env.hints.routinesChanged(written.id);
  return answer(env, written, sentences(`The routine "${name}" was made.`, trigger.value.remark));
}

const sentences = (...parts: readonly (string | null)[]): string =>
  parts.filter((part) => part !== null).join(' ');

function answer(env: Environment, row: KnownRoutine, message: string): RoutineAnswer {
  const routine = statusOf(row, env.settings.timezone, env.clock.now());
  return { ok: true, routine, message };
}

async function update(env: Environment, row: KnownRoutine, patch: RoutinePatch): Promise<RoutineAnswer> {
  const before = routineOf(row);
  const now = env.clock.now();
  const trigger = await checkTrigger(patch.trigger ?? before.trigger, env.settings.timezone, now);
  if (!trigger.ok && (patch.trigger || patch.enabled)) return invalid(trigger.error);
  const action = checkAction(patch.action ?? before.action);
  if (!action.ok) return invalid(action.error);
  const { kind } = trigger.ok ? trigger.value.trigger : before.trigger;
  // What was due until now is accounted for by what held until now.
  while ((await claimDue(env.database, now)).more);
  await changeRoutine(
    env.database,
    before,
    {
      description: patch.description ?? before.description,
      enabled: patch.enabled ?? before.enabled,
      trigger: trigger.ok ? trigger.value.trigger : before.trigger,
      action: action.value,
      guardrails: guardrailsOf(kind, { ...before.guardrails, ...patch.guardrails }),
      notify: notifyOf({ ...before.notify, ...patch.notify }),
      by: patch.by ?? before.by,
      origins: patch.origins ?? before.origins,
    },
    now,
    today(env),
  );
  env.hints.routinesChanged(row.id);
  const after = await findRoutine(env.database, row.id, today(env));
  const remark = patch.trigger && trigger.ok ? trigger.value.remark : null;
  return after
    ? answer(env, after, sentences(`The routine "${row.name}" was changed.`, remark))
    : unknown(row.name);
}

/** What runs of it is stopped; what it did can still be read in its conversations. */
async function remove(env: Environment, id: string): Promise<void> {
  const runs = await readRuns(env.database, id, 100);
  await removeRoutine(env.database, id);
  env.hints.routinesChanged(id);
  for (const run of runs.filter(({ status }) => status === 'running')) await stopRun(env, run);
}

const STARTED = {
  told: null,
  origins: [],
  causedBy: [],
  dedupSeconds: 0,
  patient: false,
  refusal: null,
} as const satisfies Partial<WantedRun>;

const BY_HAND = { ...STARTED, kind: 'manual', cause: 'by hand', patient: true } as const;
const CALLED = { ...STARTED, kind: 'webhook' } as const;

const fireKey = (externalId: string): string => `fired ${externalId}`;

/** The same key again is the run that is there. */
async function queue(env: Environment, wanted: WantedRun): Promise<RoutineRun> {
  await env.database.commit([{ sql: 'select 1' }, queueStatement([wanted], env.clock.now())]);
  env.hints.routinesChanged();
  const run = await readRun(env.database, wanted.routineId, wanted.key);
  if (!run) throw new Error('a run that was queued is not there');
  return run;
}

async function emit(env: Environment, event: SystemEvent, externalId: string): Promise<number> {
  const causedBy = await causesOf(env, event.causedBy);
  const key = `emitted ${digest(externalId)}`;
  const { count, statements } = await tellSystemEvent(
    env.database,
    { ...event, causedBy },
    key,
    env.clock.now(),
  );
  const [first, ...rest] = statements;
  if (!first) return 0;
  await env.database.commit([{ sql: 'select 1' }, first, ...rest]);
  env.hints.routinesChanged();
  return count;
}

const digest = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 24);

/** The user's: `2026-11-21`. */
const today = ({ clock, settings }: Environment): string => periodsAt(clock.now(), settings.timezone).day;

/** When the user's day began. */
function midnight({ clock, settings }: Environment): number {
  const explained = explainSchedule('0 0 * * *', settings.timezone, clock.now());
  const next = explained.ok ? explained.nextTimes[0] : undefined;
  return next === undefined ? clock.now() - DAY_MS : Date.parse(next) - DAY_MS;
}

const DAY_MS = 86_400_000;
