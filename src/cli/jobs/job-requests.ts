import { randomUUID } from 'node:crypto';
import {
  JobActionReply,
  JobDetailReply,
  type JobEventInfo,
  JobEventsReply,
  JobFileReply,
  JobFilesReply,
  JobInfo,
  type JobUsageInfo,
} from '../../core/api/jobs.ts';
import { IronbarkError } from '../../core/errors.ts';
import type { ApiClient } from '../../gateway/index.ts';

/** What the API is asked about jobs, by the commands. */

const address = (id: string, rest = ''): string => `/api/jobs/${encodeURIComponent(id)}${rest}`;

export const showJob = (api: ApiClient, id: string) => api.get(address(id), JobDetailReply);

export const orderJob = (api: ApiClient, order: object) =>
  api.post('/api/jobs', JobInfo, { ...order, request_id: randomUUID() });

export type JobAction = 'cancel' | 'restart' | 'accept' | 'reject';

export const actOnJob = (api: ApiClient, id: string, action: JobAction, reason?: string) =>
  api.post(address(id, `/${action}`), JobActionReply, {
    request_id: randomUUID(),
    ...(reason !== undefined && { reason }),
  });

export const promptJob = (api: ApiClient, id: string, content: string, done: boolean) =>
  api.post(address(id, '/prompt'), JobActionReply, { content, done, request_id: randomUUID() });

/** So long the assistant may keep us waiting for something to happen. */
const WAIT_SECONDS = 20;
const PAGE = 500;

export const latestEvents = (api: ApiClient, id: string, limit: number) =>
  api.get(address(id, '/events'), JobEventsReply, { latest: true, limit });

/**
 * Hands over every event after the cursor, in order and once each, until the job has ended.
 *
 * @param onUsage told what its container takes, where nothing else happened for a while
 */
export async function followJob(
  api: ApiClient,
  id: string,
  after: number,
  onEvent: (event: JobEventInfo) => void,
  onUsage: (usage: JobUsageInfo) => void = () => {},
): Promise<JobEventsReply['state']> {
  let cursor = after;
  for (;;) {
    const page = { after: cursor, limit: PAGE, wait_seconds: WAIT_SECONDS };
    const { events, usage, state, ended } = await api.get(address(id, '/events'), JobEventsReply, page);
    for (const event of events) onEvent(event);
    if (usage && events.length === 0 && !ended) onUsage(usage);
    cursor = events.at(-1)?.seq ?? cursor;
    if (ended) return state;
  }
}

/** A folder with what lies in it, or the text of a file. */
export async function filesOfJob(
  api: ApiClient,
  id: string,
  path: string,
): Promise<JobFilesReply | JobFileReply> {
  const listed = await api
    .get(address(id, '/files/list'), JobFilesReply, { path })
    .catch((error: unknown) => {
      if (path === '' || !(error instanceof IronbarkError) || error.kind !== 'usage') throw error;
      return undefined;
    });
  return listed ?? api.get(address(id, '/files/read'), JobFileReply, { path });
}
