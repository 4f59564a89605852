import { expect, test } from 'vitest';
import { z } from 'zod';
import { JobInfo, JobsReply } from '../core/api/jobs.ts';
import { createApiClient } from './api-client.ts';
import { runGateway, TOKEN } from './testing/running-gateway.ts';

test('asks, and reads the answers by their schemas', async () => {
  await using running = await runGateway();
  const api = createApiClient({ url: running.url, token: TOKEN });
  const { id } = await api.post('/api/jobs', JobInfo, { title: 'Report' });
  const { jobs } = await api.get('/api/jobs', JobsReply, {
    filter: 'active',
    limit: 5,
    parent_id: undefined,
  });
  expect(jobs.map((job) => job.id)).toEqual([id]);
});

test('rejects in the words of the answer, by whose fault it is', async () => {
  await using running = await runGateway();
  const api = createApiClient({ url: running.url, token: TOKEN });
  await expect(api.get('/api/jobs/none', JobInfo)).rejects.toMatchObject({
    kind: 'usage',
    message: 'There is no job none. GET /api/jobs lists them.',
  });
  await expect(api.get('/api/jobs', z.object({ horses: z.string() }))).rejects.toMatchObject({
    kind: 'internal',
  });
  const stranger = createApiClient({ url: running.url, token: 'another' });
  await expect(stranger.get('/api/jobs', JobsReply)).rejects.toMatchObject({ kind: 'unreachable' });
});

test('says where nobody answers', async () => {
  const running = await runGateway();
  const api = createApiClient({ url: running.url, token: TOKEN });
  await running[Symbol.asyncDispose]();
  await expect(api.get('/api/jobs', JobsReply)).rejects.toMatchObject({
    kind: 'unreachable',
    hint: 'See: ironbark status',
  });
});
