import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../../../core/json.ts';
import type { RoutineRun } from '../../../core/routines.ts';
import { type Asked, askAsOwner } from '../../testing/ask.ts';
import { readEvents } from '../../testing/event-reader.ts';
import { type RunningGateway, runGateway } from '../../testing/running-gateway.ts';

const MORNING = {
  name: 'morning',
  trigger: { kind: 'cron', schedule: '0 9 * * *', timezone: 'Europe/Berlin' },
  action: { kind: 'lightweight', prompt: 'Say what is on.' },
};

const RUN: RoutineRun = {
  id: 'r1',
  routineId: 'routine-1',
  trigger: 'cron',
  cause: 'due 09:00',
  dueAt: '2030-01-01T08:00:00.000Z',
  startedAt: '2030-01-01T08:00:00.040Z',
  completedAt: '2030-01-01T08:00:05.000Z',
  status: 'failed',
  summary: 'No answer.',
  tokensUsed: 120,
  jobId: null,
  conversationId: 'run-r1',
  lateMs: 40,
};

const ask = (running: RunningGateway, path: string, asked: Asked = {}) =>
  askAsOwner(running, `/api/routines${path}`, asked);
const post = (running: RunningGateway, path: string, body?: unknown) =>
  ask(running, path, { method: 'POST', ...(body !== undefined && { body }) });
const patch = (running: RunningGateway, body: JsonObject) =>
  ask(running, '/morning', { method: 'PATCH', body });

async function withMorning(more: JsonObject = {}): Promise<RunningGateway> {
  const running = await runGateway();
  expect((await post(running, '', { ...MORNING, ...more })).status).toBe(201);
  return running;
}

describe('a routine', () => {
  test('is made in the words of the user, and told with its next times', async () => {
    await using running = await withMorning({ guardrails: { run_mode: 'queued', day_usd: 0.5 } });
    const { json } = await ask(running, '/morning');
    expect(json).toMatchObject({
      routine: {
        name: 'morning',
        trigger_type: 'cron',
        trigger_raw: '0 9 * * *',
        action_type: 'lightweight',
        next_fire_at: '2030-01-02T00:00:00.000Z',
        guardrails: { run_mode: 'queued', cooldown_secs: 300, day_usd: 0.5 },
        spent_today_usd: 0,
        verification_status: 'unverified',
        by: 'user',
        origins: [],
      },
    });
    expect(Object(Object(json).routine).next_times).toHaveLength(5);
    expect((await ask(running, '')).json).toMatchObject({
      routines: [{ name: 'morning', status: 'unverified' }],
    });
    const lateness = { runs: 0, p50_ms: 0, p99_ms: 0, max_ms: 0, alarm_ms: 60_000 };
    const summary = { total: 1, enabled: 1, unverified: 1, runs_today: 0, lateness };
    expect((await ask(running, '/summary')).json).toMatchObject(summary);
  });

  test('is the same where the same request comes again', async () => {
    await using running = await withMorning({ external_id: 'x1' });
    expect((await post(running, '', { ...MORNING, external_id: 'x1' })).status).toBe(201);
    expect((await post(running, '', MORNING)).status).toBe(409);
  });

  test.each<[object, number, string]>([
    [{ trigger: { kind: 'cron', schedule: '0 0 31 2 *' } }, 400, 'February has no 31st'],
    [{ trigger: { kind: 'cron', schedule: '0 9 * * *', timezone: 'Nowhere/X' } }, 400, 'Europe/Berlin'],
    [{ trigger: { kind: 'event', pattern: '(' } }, 400, 'RE2'],
    [{ trigger: { kind: 'webhook', path: 'a/b', secret: 's' } }, 400, 'letters, digits'],
    [{ name: '' }, 400, '1 to 100 characters'],
    [{ action: { kind: 'lightweight', prompt: '' } }, 400, 'is empty'],
  ])('is not made where something is wrong with it: %j', async (wrong, status, reason) => {
    await using running = await runGateway();
    const answer = await post(running, '', { ...MORNING, ...wrong });
    expect([answer.status, answer.body]).toEqual([status, expect.stringContaining(reason)]);
    expect((await ask(running, '')).json).toEqual({ routines: [] });
  });

  test('is changed in part, and turned off and on', async () => {
    await using running = await withMorning();
    const changed = await patch(running, { trigger: { kind: 'cron', schedule: '0 10 * * *' } });
    expect(changed.json).toMatchObject({
      routine: { trigger_raw: '0 10 * * *', action: { prompt: 'Say what is on.' } },
    });
    expect((await post(running, '/morning/toggle')).json).toMatchObject({ routine: { enabled: false } });
    expect((await post(running, '/morning/toggle', {})).json).toMatchObject({ routine: { enabled: true } });
    expect((await post(running, '/morning/toggle', { enabled: true })).json).toMatchObject({
      routine: { enabled: true },
    });
  });

  test('becomes the user’s where they rewrite it, and not where they send back what others wrote', async () => {
    await using running = await withMorning();
    await running.assistant.routines.update('morning', { by: 'model', origins: ['the page a'] });
    const again = { ...MORNING.action, use_tools: false };
    expect((await patch(running, { action: again })).json).toMatchObject({
      routine: { by: 'model', origins: ['the page a'], action: { use_tools: false } },
    });
    expect((await patch(running, { action: { ...MORNING.action, prompt: 'Mine.' } })).json).toMatchObject({
      routine: { by: 'user', origins: [] },
    });
  });

  test('is started now, once for the same request', async () => {
    await using running = await withMorning();
    const first = await post(running, '/morning/trigger', { external_id: 'go' });
    expect(first).toMatchObject({
      status: 202,
      json: { run: { status: 'running', trigger_type: 'manual' } },
    });
    expect((await post(running, '/morning/trigger', { external_id: 'go' })).json).toEqual(first.json);
    expect((await post(running, '/morning/trigger')).json).not.toEqual(first.json);
  });

  test('tells its runs and what became of its times', async () => {
    await using running = await withMorning();
    const { routines } = running.assistant;
    routines.addRun('morning', RUN);
    routines.addDue({
      routineId: 'routine-1',
      dueAt: '2029-12-31T08:00:00.000Z',
      state: 'missed',
      reason: 'nothing ran then',
      runId: null,
    });
    expect((await ask(running, '/morning/runs?limit=5')).json).toEqual({
      runs: [
        {
          id: 'r1',
          trigger_type: 'cron',
          cause: 'due 09:00',
          due_at: RUN.dueAt,
          started_at: RUN.startedAt,
          completed_at: RUN.completedAt,
          status: 'failed',
          result_summary: 'No answer.',
          tokens_used: 120,
          thread_id: 'run-r1',
          late_ms: 40,
        },
      ],
    });
    expect((await ask(running, '/morning/due')).json).toEqual({
      due: [{ due_at: '2029-12-31T08:00:00.000Z', state: 'missed', reason: 'nothing ran then' }],
    });
    expect((await ask(running, '')).json).toMatchObject({
      routines: [{ status: 'failing', consecutive_failures: 1, run_count: 1 }],
    });
  });

  test('is deleted for good', async () => {
    await using running = await withMorning();
    expect((await ask(running, '/morning', { method: 'DELETE' })).status).toBe(204);
    expect((await ask(running, '/morning', { method: 'DELETE' })).status).toBe(404);
  });

  test('is asked for by a name that nearly fits', async () => {
    await using running = await withMorning();
    for (const path of ['/mornign', '/mornign/runs', '/mornign/due'])
      expect((await ask(running, path)).body).toContain('Did you mean \\"morning\\"?');
  });
});

test('a schedule is explained with its next times, or with the reason that there are none', async () => {
  await using running = await runGateway();
  const explain = (schedule: string) =>
    ask(running, `/explain?schedule=${encodeURIComponent(schedule)}&timezone=UTC`);
  expect((await explain('0 0 1 * 1')).json).toMatchObject({
    possible: true,
    remark: 'On the 1st and on Mondays.',
  });
  expect((await explain('0 0 31 2 *')).json).toEqual({
    possible: false,
    next_times: [],
    remark: 'There are no next times: February has no 31st.',
  });
  expect((await ask(running, '/explain')).json).toMatchObject({ possible: false });
});

test('who listens is told of runs that begin and end', async () => {
  await using running = await withMorning();
  const events = await readEvents(running, '/api/chat/events');
  await post(running, '/morning/trigger');
  expect((await events.upTo('routine_run')).at(-1)?.data).toMatchObject({
    type: 'routine_run',
    thread_id: 'run-run-1',
    routine_id: 'routine-1',
    run: { id: 'run-1', status: 'running' },
  });
  running.assistant.routines.addRun('morning', { ...RUN, id: 'run-1' });
  expect((await events.upTo('routine_run')).at(-1)?.data).toMatchObject({ run: { status: 'failed' } });
  events.close();
});
