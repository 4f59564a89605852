import type Dockerode from 'dockerode';
import { expect, test } from 'vitest';
import { eachObject } from './consume.ts';
import { statsOf } from './stats.ts';

/** As daemons write them, without what nobody reads. */
const told = (more: string = ''): string =>
  `{"cpu_stats":{"cpu_usage":{"total_usage":3000},"system_cpu_usage":10000,"online_cpus":2},
    "precpu_stats":{"cpu_usage":{"total_usage":1000},"system_cpu_usage":6000},
    "pids_stats":{"current":5,"limit":64},
    "memory_stats":{"usage":5000,"stats":{"inactive_file":1000},"limit":9000}${more}}`.replace(/\n\s*/g, '');

const read = (line: string): ReturnType<typeof statsOf> => {
  const samples: Dockerode.ContainerStats[] = [];
  eachObject((sample: Dockerode.ContainerStats) => samples.push(sample))(Buffer.from(`${line}\n`));
  const [sample] = samples;
  if (!sample) throw new Error('nothing was told');
  return statsOf(sample);
};

test('a sample says what the container takes, and what it may', () => {
  expect(read(told())).toEqual({
    memoryBytes: 4000,
    memoryLimitBytes: 9000,
    cpuPercent: 100,
    processes: 5,
    processLimit: 64,
    disk: null,
  });
});

test.each(['read', 'Read'])('what it %s of disks is counted over all of them', (op) => {
  const write = op === 'read' ? 'write' : 'Write';
  const entries = [op, op, write].map((name, at) => ({ major: at, minor: 0, op: name, value: 10 + at }));
  const disk = `,"blkio_stats":{"io_service_bytes_recursive":${JSON.stringify(entries)}}`;
  expect(read(told(disk))?.disk).toEqual({ read: 21, written: 12 });
});

test.each(['null', '[]'])('a kernel that does not count disks says %s', (entries) => {
  expect(read(told(`,"blkio_stats":{"io_service_bytes_recursive":${entries}}`))?.disk).toBeNull();
});

test('the first sample of a stream has no share of the processor yet', () => {
  expect(read(told().replace(',"system_cpu_usage":6000', ''))?.cpuPercent).toBe(0);
});

test('one that has ended takes nothing', () => {
  expect(read('{"cpu_stats":{},"precpu_stats":{},"memory_stats":{}}')).toBeUndefined();
});

test('a stream is read object by object, wherever it is cut', () => {
  const seen: unknown[] = [];
  const take = eachObject((object) => seen.push(object));
  for (const piece of ['{"a"', ':1}\n{"b":2}', '\n\n{"c":', '3}\n{"d"']) take(Buffer.from(piece));
  expect(seen).toEqual([{ a: 1 }, { b: 2 }, { c: 3 }]);
});
