import { expect, test } from 'vitest';
import type { JobEventsReply, JobUsageInfo } from '../../core/api/jobs.ts';
import type { ApiClient } from '../../gateway/index.ts';
import { followJob } from './job-requests.ts';
import { usageText } from './jobs-text.ts';

const usage: JobUsageInfo = {
  at: '2030-01-01T12:04:07.000Z',
  memory_bytes: 212 * 1024 * 1024,
  memory_limit_bytes: 2048 * 1024 * 1024,
  cpu_percent: 33.6,
  processes: 12,
  process_limit: 256,
};

/** An assistant that answers so, one after the other. */
function answering(...replies: readonly JobEventsReply[]): ApiClient {
  const left = [...replies];
  const refused = async (): Promise<never> => {
    throw new Error('nothing else is asked');
  };
  return {
    get: async (_, answer) => answer.parse(left.shift()),
    post: refused,
    put: refused,
    patch: refused,
    delete: refused,
  };
}

test('who follows a job is told what it takes where nothing else happened', async () => {
  const event = { seq: 1, at: usage.at, type: 'status', data: {} } as const;
  const api = answering(
    { events: [], usage, state: 'in_progress', ended: false },
    { events: [event], usage, state: 'in_progress', ended: false },
    { events: [], state: 'in_progress', ended: false },
    { events: [], usage, state: 'completed', ended: true },
  );
  const told: unknown[] = [];
  const state = await followJob(
    api,
    'j',
    0,
    ({ seq }) => told.push(seq),
    (taken) => told.push(usageText(taken)),
  );
  expect(state).toBe('completed');
  expect(told).toEqual(['12:04:07  takes 212 of 2048 MB, 34 % of a core, 12 of 256 processes', 1]);
});

test('what is not known is left out, what is written to disks is not', () => {
  const { process_limit: _, ...less } = usage;
  expect(usageText({ ...less, read_bytes: 0, written_bytes: 3 * 1024 * 1024 })).toBe(
    '12:04:07  takes 212 of 2048 MB, 34 % of a core, 12 processes, 3 MB written',
  );
});
