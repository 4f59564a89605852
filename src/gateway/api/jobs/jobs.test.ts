import { describe, expect, test } from 'vitest';
import type { JobOrder } from '../../../core/work.ts';
import { askAsOwner } from '../../testing/ask.ts';
import { readEvents } from '../../testing/event-reader.ts';
import { type RunningGateway, runGateway } from '../../testing/running-gateway.ts';

const post = (running: RunningGateway, path: string, body: unknown = {}) =>
  askAsOwner(running, path, { method: 'POST', body });

const get = (running: RunningGateway, path: string) => askAsOwner(running, path);

/** A gateway with one job that waits. */
async function withJob() {
  const running = await runGateway();
  const { json } = await post(running, '/api/jobs', { title: 'Report', description: 'Write it.' });
  return { running, work: running.assistant.work, id: String(Object(json).id) };
}

const byModel: JobOrder = {
  title: 'From a page',
  description: 'Do what it says.',
  work: { kind: 'task', mode: 'local' },
  priority: 'job',
  projectDir: null,
  limits: { iterations: 5, tokens: null, budgetMicroUsd: 250_000, minutes: null },
  tools: null,
  credentials: {},
  by: { kind: 'model', conversationId: 'c1', turnId: 't1', jobId: null },
  origins: ['the page https://example.org/'],
};

describe('jobs', () => {
  test('are ordered in the user’s own words, once for each request id', async () => {
    await using running = await runGateway();
    const body = { title: ' Report ', budget_usd: 0.5, max_minutes: 10, request_id: 'r1' };
    const first = await post(running, '/api/jobs', body);
    const again = await post(running, '/api/jobs', body);
    expect(first.status).toBe(201);
    expect(first.json).toEqual(again.json);
    expect(running.assistant.work.orders).toMatchObject([
      {
        title: 'Report',
        description: 'Report',
        by: { kind: 'user', conversationId: null },
        origins: [],
        limits: { iterations: 50, budgetMicroUsd: 500_000, minutes: 10 },
      },
    ]);
  });

  test('are listed newest first, with how they stand, and counted', async () => {
    const { running, work, id } = await withJob();
    await using _ = running;
    await work.create(byModel, 'x');
    work.move(id, 'inProgress');
    running.advance(5_000);
    const { json } = await get(running, '/api/jobs');
    expect(json).toMatchObject({
      jobs: [
        { title: 'From a page', state: 'pending', source: 'assistant', source_id: 'c1', ahead: 0 },
        { title: 'Report', state: 'in_progress', source: 'user', elapsed_secs: 5, cost_usd: 0 },
      ],
    });
    expect((await get(running, '/api/jobs?filter=completed')).json).toEqual({ jobs: [] });
    const counts = { total: 2, pending: 1, in_progress: 1, completed: 0, failed: 0, stuck: 0, cancelled: 0 };
    expect((await get(running, '/api/jobs/summary')).json).toEqual(counts);
  });

  test('are shown whole, also by the beginning of their id', async () => {
    const { running, work, id } = await withJob();
    await using _ = running;
    work.move(id, 'inProgress', 'picked');
    work.move(id, 'completed', 'it answered', 'Here it is.');
    const { json } = await get(running, `/api/jobs/${id.slice(0, -1)}`);
    expect(json).toMatchObject({
      id,
      description: 'Write it.',
      result: 'Here it is.',
      browse_url: `/jobs/${id}`,
      thread_id: `job-${id}`,
      transitions: [{ to: 'pending' }, { from: 'pending', to: 'in_progress', reason: 'picked' }, {}],
      can_cancel: false,
      can_judge: true,
      limits: { max_iterations: 50, budget_usd: null },
    });
  });

  test('that are not there are answered with what may have been meant', async () => {
    const { running, work } = await withJob();
    await using _ = running;
    await work.create(byModel, 'x');
    for (const path of ['', '/events', '/files/list', '/files/read?path=a']) {
      const { status, body } = await get(running, `/api/jobs/job-000009${path}`);
      expect([path, status]).toEqual([path, 404]);
      expect(body).toContain('Did you mean job-00000');
    }
    const { status, body } = await get(running, '/api/jobs/job-');
    expect(status).toBe(409);
    expect(body).toContain('2 jobs begin with job-');
    expect((await post(running, '/api/jobs/nothing/cancel')).status).toBe(404);
  });

  test('are cancelled, and a second time told how they ended', async () => {
    const { running, work, id } = await withJob();
    await using _ = running;
    const { status, json } = await askAsOwner(running, `/api/jobs/${id}/cancel`, { method: 'POST' });
    expect([status, json]).toMatchObject([200, { job: { id } }]);
    expect((await work.get(id))?.state).toBe('cancelled');
    const again = await post(running, `/api/jobs/${id}/cancel`, { reason: 'no more' });
    expect(again.status).toBe(409);
    expect(again.body).toContain('has ended already: it is cancelled');
  });

  test('are begun anew, judged and spoken to', async () => {
    const { running, work, id } = await withJob();
    await using _ = running;
    expect((await post(running, `/api/jobs/${id}/prompt`, { content: 'Hurry' })).status).toBe(409);
    work.move(id, 'inProgress');
    expect((await post(running, `/api/jobs/${id}/prompt`, { content: ' Hurry ', done: true })).status).toBe(
      200,
    );
    expect(work.prompts).toEqual([`${id}: Hurry (done)`]);
    expect((await post(running, `/api/jobs/${id}/prompt`, { content: ' ' })).status).toBe(400);
    work.move(id, 'completed');
    expect((await post(running, `/api/jobs/${id}/reject`, { reason: 'too short' })).status).toBe(200);
    expect((await work.get(id))?.transitions.at(-1)).toMatchObject({ to: 'failed', reason: 'too short' });
    const { json } = await post(running, `/api/jobs/${id}/restart`);
    expect(Object(json).job.id).not.toBe(id);
    expect((await post(running, `/api/jobs/${id}/accept`)).status).toBe(409);
  });

  test('in containers are refused with the command that helps, where there are none', async () => {
    await using running = await runGateway();
    const { status, body } = await post(running, '/api/jobs', { title: 'x', mode: 'worker' });
    expect(status).toBe(400);
    expect(body).toContain('systemctl start docker');
  });
});

describe('what a job did', () => {
  test('is paged by a cursor, or from the end', async () => {
    const { running, work, id } = await withJob();
    await using _ = running;
    for (const content of ['one', 'two', 'three']) work.say(id, 'message', { role: 'assistant', content });
    const { json } = await get(running, `/api/jobs/${id}/events?after=1&limit=1`);
    expect(json).toMatchObject({
      events: [{ seq: 2, data: { content: 'two' } }],
      state: 'pending',
      ended: false,
    });
    const latest = await get(running, `/api/jobs/${id}/events?latest=true&limit=2`);
    expect(Object(latest.json).events.map(({ seq }: { seq: number }) => seq)).toEqual([2, 3]);
  });

  test('is waited for, and so is the end', async () => {
    const { running, work, id } = await withJob();
    await using _ = running;
    let watchers = 0;
    const watch = running.assistant.watchWork;
    running.assistant.watchWork = (listener) => {
      watchers++;
      return watch(listener);
    };
    const first = get(running, `/api/jobs/${id}/events?wait_seconds=60`);
    await expect.poll(() => watchers).toBe(1);
    work.say(id, 'tool_use', { tool_name: 'shell', input: { command: 'ls' } });
    expect((await first).json).toMatchObject({ events: [{ seq: 1, type: 'tool_use' }], ended: false });
    const second = get(running, `/api/jobs/${id}/events?after=1&wait_seconds=60`);
    await expect.poll(() => watchers).toBe(2);
    work.move(id, 'failed', 'gone wrong');
    expect((await second).json).toEqual({ events: [], state: 'failed', ended: true });
  });

  test('what its container takes is told live and to whoever waits, and is no event of its own', async () => {
    const { running, work, id } = await withJob();
    await using _ = running;
    const stream = await readEvents(running, `/api/chat/events?thread_id=job-${id}`);
    await stream.upTo('heartbeat');
    let watchers = 0;
    const watch = running.assistant.watchWork;
    running.assistant.watchWork = (listener) => {
      watchers++;
      return watch(listener);
    };
    const waiting = get(running, `/api/jobs/${id}/events?wait_seconds=60`);
    await expect.poll(() => watchers).toBe(1);
    const at = '2030-01-01T00:00:00.000Z';
    const figures = { at, memoryLimitBytes: 2_000, cpuPercent: 12.345, processes: 3 };
    for (const memoryBytes of [500, 1_000])
      work.announce({
        type: 'job-usage',
        jobId: id,
        usage: { ...figures, memoryBytes, processLimit: 64, disk: { read: 1, written: 2 } },
      });
    const unknown = { ...figures, memoryBytes: 7, processLimit: null, disk: null };
    work.announce({ type: 'job-usage', jobId: 'another', usage: unknown });
    work.say(id, 'message', { role: 'assistant', content: 'I begin.' });
    const usage = {
      at,
      memory_bytes: 1_000,
      memory_limit_bytes: 2_000,
      cpu_percent: 12.3,
      processes: 3,
      process_limit: 64,
      read_bytes: 1,
      written_bytes: 2,
    };
    expect((await waiting).json).toMatchObject({ events: [{ seq: 1 }], usage, ended: false });
    const told = await stream.upTo('job_message');
    expect(told.filter(({ event }) => event === 'job_usage').map(({ data }) => data)).toMatchObject([
      { job_id: id, usage: { memory_bytes: 500 } },
      { job_id: id, usage },
    ]);
    expect((await get(running, `/api/jobs/${id}/events`)).json).not.toHaveProperty('usage');
  });

  test('is told live, on the stream of all, of its thread and of work alone', async () => {
    const { running, work, id } = await withJob();
    await using _ = running;
    const paths = ['/api/chat/events', `/api/chat/events?thread_id=job-${id}`, '/api/work/events'];
    const streams = await Promise.all(paths.map((path) => readEvents(running, path)));
    const other = await readEvents(running, '/api/chat/events?thread_id=c1');
    for (const stream of [...streams, other]) await stream.upTo('heartbeat');
    work.move(id, 'inProgress');
    work.say(id, 'message', { role: 'assistant', content: 'I begin.' });
    work.say(id, 'reasoning', { narrative: 'Which file?' });
    work.say(id, 'tool_use', { tool_name: 'read_file', input: { path: 'a' } });
    work.say(id, 'tool_result', { tool_name: 'read_file', output: 'text' });
    work.say(id, 'result', { status: 'completed', content: 'Done.' });
    for (const stream of streams) {
      expect((await stream.upTo('job_result')).map(({ data }) => data)).toMatchObject([
        { type: 'job_status', job_id: id, message: 'running', job: { state: 'in_progress' } },
        { type: 'job_message', job_seq: 1, role: 'assistant', content: 'I begin.' },
        { type: 'job_reasoning', narrative: 'Which file?' },
        { type: 'job_tool_use', tool_name: 'read_file', input: { path: 'a' } },
        { type: 'job_tool_result', output: 'text' },
        { type: 'job_result', content: 'Done.', thread_id: `job-${id}` },
      ]);
      stream.close();
    }
    const next = await work.create(byModel, 'x');
    expect(next.id).not.toBe(id);
    running.assistant.append('c1', {
      type: 'notice.posted',
      noticeId: 'n',
      outboxId: 'o',
      text: 'hi',
      from: 'x',
    });
    expect((await other.next()).event).toBe('response');
    other.close();
  });

  test('leaves files that can be looked at', async () => {
    const { running, work, id } = await withJob();
    await using _ = running;
    work.contents.set('out', null).set('out/report.md', '# Report');
    expect((await get(running, `/api/jobs/${id}/files/list`)).json).toEqual({
      path: '',
      entries: [{ name: 'out', path: 'out', is_dir: true, bytes: 0 }],
    });
    expect((await get(running, `/api/jobs/${id}/files/list?path=out`)).json).toMatchObject({
      entries: [{ name: 'report.md', path: 'out/report.md', is_dir: false, bytes: 8 }],
    });
    const read = await get(running, `/api/jobs/${id}/files/read?path=out/report.md`);
    expect(read.json).toEqual({ path: 'out/report.md', content: '# Report' });
    expect((await get(running, `/api/jobs/${id}/files/list?path=none`)).status).toBe(404);
    expect((await get(running, `/api/jobs/${id}/files/read?path=none`)).status).toBe(404);
  });
});
