import { describe, expect, test } from 'vitest';
import { ask } from '../../testing/ask.ts';
import { readEvents } from '../../testing/event-reader.ts';
import { runWhole, type WholeAssistant } from '../../testing/whole-assistant.ts';

const as = ({ token }: WholeAssistant) => ({ authorization: `Bearer ${token}` });

const get = async (whole: WholeAssistant, path: string) =>
  (await ask(whole, path, { headers: as(whole) })).json;

const post = (whole: WholeAssistant, path: string, body: unknown = {}) =>
  ask(whole, path, { method: 'POST', headers: as(whole), body });

const jobsOf = async (whole: WholeAssistant): Promise<readonly Record<string, unknown>[]> =>
  Object(await get(whole, '/api/jobs')).jobs;

describe('jobs of the whole program', () => {
  test('are ordered by a model, which is given their result', async () => {
    await using whole = await runWhole();
    const order = { title: 'Count the reports', description: 'How many are there?' };
    whole.model.enqueue(
      { type: 'answer', toolCalls: [{ name: 'create_job', arguments: order }] },
      { type: 'answer', text: 'There are three.' },
      { type: 'answer', text: 'I had them counted: three.' },
    );
    const reader = await readEvents(whole, '/api/chat/events', as(whole));
    await reader.upTo('heartbeat');
    await post(whole, '/api/chat/send', { content: 'Have the reports counted in a job.', thread_id: 'a' });
    for (let told: unknown; Object(told).thread_id !== 'a'; )
      told = (await reader.upTo('response')).at(-1)?.data;
    const [job] = await jobsOf(whole);
    expect(job).toMatchObject({ title: order.title, source: 'assistant', source_id: 'a', job_mode: 'local' });
    const detail = Object(await get(whole, `/api/jobs/${job?.id}`));
    expect(detail).toMatchObject({
      result: 'There are three.',
      thread_id: `job-${job?.id}`,
      can_judge: true,
    });
    expect(detail.transitions.map(({ to }: { to: string }) => to)).toEqual(
      expect.arrayContaining(['pending', 'in_progress', 'completed']),
    );
    expect(detail.tokens_used).toBeGreaterThan(0);
    const last = JSON.stringify(whole.model.requests.at(-1)?.body);
    expect(last).toContain('There are three.');
    const { events, ended } = Object(await get(whole, `/api/jobs/${job?.id}/events`));
    expect(ended).toBe(true);
    expect(events.map(({ type }: { type: string }) => type)).toContain('message');
    expect(JSON.stringify(events)).toContain('There are three.');
    reader.close();
  });

  test('are ordered here, told something, stopped, and begun anew', async () => {
    await using whole = await runWhole();
    whole.model.enqueue({ type: 'hang', text: 'Let me think' });
    const reader = await readEvents(whole, '/api/work/events', as(whole));
    await reader.upTo('heartbeat');
    const ordered = Object((await post(whole, '/api/jobs', { title: 'Wonder' })).json);
    expect((await reader.upTo('job_started')).at(-1)?.data).toMatchObject({
      job_id: ordered.id,
      title: 'Wonder',
    });
    await whole.model.received(1);
    expect((await post(whole, `/api/jobs/${ordered.id}/prompt`, { content: 'Hurry' })).status).toBe(200);
    expect((await post(whole, `/api/jobs/${ordered.id}/cancel`, { reason: 'no time' })).status).toBe(200);
    await expect
      .poll(async () => Object(await get(whole, `/api/jobs/${ordered.id}`)).state)
      .toBe('cancelled');
    const again = await post(whole, `/api/jobs/${ordered.id}/cancel`);
    expect(again.body).toMatch(/already cancelled/);
    whole.model.enqueue({ type: 'answer', text: 'Wondered.' });
    const { job } = Object((await post(whole, `/api/jobs/${ordered.id}/restart`)).json);
    const path = `/api/jobs/${job.id}/events?wait_seconds=30&limit=1000`;
    await expect.poll(async () => Object(await get(whole, path)).ended).toBe(true);
    expect(await get(whole, `/api/jobs/${job.id}`)).toMatchObject({ result: 'Wondered.' });
    expect((await post(whole, `/api/jobs/${job.id}/accept`)).status).toBe(200);
    expect(await get(whole, `/api/jobs/${job.id}`)).toMatchObject({ state: 'accepted' });
    reader.close();
  });
});
