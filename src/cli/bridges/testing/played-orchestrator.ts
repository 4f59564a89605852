import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { systemClock } from '../../../core/clock.ts';
import type { JobBrief, WorkEnd, WorkEventPost, WorkPrompt, WorkStatus } from '../../../core/orchestrator.ts';
import { err, ok } from '../../../core/result.ts';
import { createOrchestrator, createToken } from '../../../orchestrator/index.ts';
import type { BridgeOptions } from '../run-bridge.ts';

/** The real server over a real socket, with a job behind it that is only written down. */
export interface Played {
  readonly events: readonly WorkEventPost[];
  readonly statuses: readonly WorkStatus[];
  readonly ends: readonly WorkEnd[];
  /** How often it was asked whether something was said. */
  readonly polls: () => number;
  readonly folder: string;
  readonly options: Omit<BridgeOptions, 'open'>;
  say(content: string, done?: boolean): void;
  /** The job is over for the orchestrator: nobody may speak for it any more. */
  revoke(): void;
  /** What the job is told when it is begun anew. */
  brief: JobBrief;
}

const JOB = 'job-1';

export async function playOrchestrator(
  given: Partial<JobBrief> = {},
  credentials: readonly { variable: string; value: string }[] = [],
): Promise<Played> {
  const folder = mkdtempSync(join(tmpdir(), 'bridge-'));
  const socketPath = join(folder, 'o.sock');
  const token = createToken();
  const [events, statuses, ends] = [[] as WorkEventPost[], [] as WorkStatus[], [] as WorkEnd[]];
  const prompts: WorkPrompt[] = [];
  let isRevoked = false;
  let polls = 0;
  const server = createOrchestrator({
    clock: systemClock,
    onDefect: (error) => {
      throw error;
    },
    admit: async (visitor) =>
      isRevoked || visitor.token !== token
        ? err({ status: 401, code: 'refused', message: 'This token is not good any more.' })
        : ok({
            brief: async () => played.brief,
            complete: async () => {},
            status: async (status) => void statuses.push(status),
            event: async (event) => ({ fresh: events.push(event) > 0 }),
            end: async (end) => ({ fresh: ends.push(end) === 1 }),
            async prompt(after) {
              polls++;
              return prompts.find(({ seq }) => seq > after);
            },
            credentials: async () => ({ credentials: [...credentials] }),
          }),
  });
  const door = await server.listen(socketPath, JOB);
  const workspace = join(folder, 'workspace');
  mkdirSync(workspace);
  onTestFinished(async () => {
    await door.close();
    rmSync(folder, { recursive: true, force: true });
  });
  const played: Played = {
    events,
    statuses,
    ends,
    polls: () => polls,
    folder,
    options: {
      jobId: JOB,
      token,
      socketPath,
      state: join(folder, 'state'),
      workspace,
      env: { PATH: process.env.PATH },
      promptsEveryMs: 20,
    },
    say: (content, done = false) =>
      void prompts.push({ seq: prompts.length + 1, content, origin: null, done }),
    revoke: () => {
      isRevoked = true;
    },
    brief: {
      id: JOB,
      title: 'Tidy up',
      description: 'Put the files in order.',
      mode: 'claude_code',
      agentName: null,
      limits: { iterations: 50, tokens: null, minutes: null },
      tools: null,
      origins: [],
      byUser: true,
      timezone: 'UTC',
      attempt: 1,
      lastEvent: 0,
      session: null,
      model: { name: 'played', contextTokens: 1, outputTokens: 1, vision: false },
      ...given,
    },
  };
  return played;
}
