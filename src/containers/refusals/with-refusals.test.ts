import { expect, test } from 'vitest';
import type { Container, ContainerEnd, ContainerStats, Containers, ExecResult } from '../containers.ts';
import type { Refusal } from './refusal.ts';
import { withRefusals } from './with-refusals.ts';

const NEVER = new AbortController().signal;
const DONE: ExecResult = {
  ended: 'exited',
  exitCode: 0,
  stdout: '',
  stderr: '',
  durationMs: 1,
  outOfMemory: false,
};
const EXITED: ContainerEnd = { exitCode: 0, outOfMemory: false, diskFull: false };
const SAMPLE: ContainerStats = {
  memoryBytes: 1,
  memoryLimitBytes: 2,
  cpuPercent: 0,
  processes: 1,
  processLimit: 4,
  disk: null,
};

/** One container that does as it is told, by a daemon that says what it is told to say. */
function openStage(more: Partial<Container> = {}) {
  const ended = Promise.withResolvers<ContainerEnd>();
  const daemon = { shortage: () => {}, listening: 0 };
  const container: Container = {
    id: 'c1',
    purpose: { kind: 'shell', id: 'talk' },
    exec: async () => DONE,
    logs: async () => {},
    stats: async () => {},
    shortages(onShortage, signal) {
      daemon.shortage = onShortage;
      daemon.listening++;
      return new Promise((resolve) => {
        signal.addEventListener('abort', () => {
          daemon.listening--;
          resolve();
        });
      });
    },
    ended: () => ended.promise,
    stop: async () => {},
    remove: async () => {},
    ...more,
  };
  const containers: Containers = {
    probe: async () => ({ state: 'available', version: '1' }),
    hasImage: async () => true,
    start: async () => container,
    mine: async () => [],
    adopt: async () => container,
  };
  const noted: Refusal[] = [];
  const closed: string[] = [];
  const log = {
    note: (_: unknown, refusal: Refusal) => void noted.push(refusal),
    close: ({ id }: { readonly id: string }) => void closed.push(id),
  };
  return { containers: withRefusals(containers, log), daemon, ended, noted, closed };
}

const adopted = async (containers: Containers): Promise<Container> => {
  const container = await containers.adopt('c1');
  if (!container) throw new Error('it is gone');
  return container;
};

const command = { command: ['x'], timeoutMs: 1, signal: NEVER };

test('what a command prints is listened to, and it answers as it did', async () => {
  const result = { ...DONE, stdout: 'a: Operation not permitted', stderr: 'b: Read-only file system' };
  const { containers, noted } = openStage({ exec: async () => result });
  expect(await (await adopted(containers)).exec(command)).toBe(result);
  expect(noted.map(({ rule }) => rule)).toEqual(['not-permitted', 'read-only']);
});

test('the limit of processes is noted each time it is reached, not each time it is seen', async () => {
  const samples = [1, 4, 4, 4, 2, 4].map((processes) => ({ ...SAMPLE, processes }));
  const { containers, noted } = openStage({ stats: async (onSample) => samples.forEach(onSample) });
  const seen: ContainerStats[] = [];
  await (await adopted(containers)).stats((sample) => seen.push(sample), NEVER);
  expect(seen).toEqual(samples);
  expect(noted).toEqual(Array(2).fill({ rule: 'process-limit', evidence: 'daemon' }));
});

test('the daemon is listened to once for each container until it ends, however often it is adopted', async () => {
  const { containers, daemon, ended, noted, closed } = openStage();
  await adopted(containers);
  await adopted(containers);
  expect(daemon.listening).toBe(1);
  daemon.shortage();
  ended.resolve(EXITED);
  await expect.poll(() => closed).toEqual(['c1']);
  expect(daemon.listening).toBe(0);
  expect(noted).toEqual([{ rule: 'memory-limit', evidence: 'daemon' }]);
});

test('that it ended for want of memory or for a full disk is noted, once', async () => {
  const { containers, daemon, ended, noted, closed } = openStage();
  await adopted(containers);
  ended.resolve({ ...EXITED, outOfMemory: true, diskFull: true });
  await expect.poll(() => closed).toEqual(['c1']);
  expect(noted.map(({ rule }) => rule)).toEqual(['disk-limit', 'memory-limit']);

  const other = openStage();
  await adopted(other.containers);
  other.daemon.shortage();
  other.ended.resolve({ ...EXITED, outOfMemory: true });
  await expect.poll(() => other.closed).toEqual(['c1']);
  expect(other.noted).toHaveLength(1);
  expect(daemon.listening).toBe(0);
});

test('a daemon that is lost takes no one with it, and the container can be adopted again', async () => {
  const lost = new Error('lost');
  const { containers, closed } = openStage({
    ended: () => Promise.reject(lost),
    shortages: () => Promise.reject(lost),
  });
  await adopted(containers);
  await expect.poll(() => closed).toEqual(['c1']);
  await adopted(containers);
  await expect.poll(() => closed).toEqual(['c1', 'c1']);
});
