import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { ContainerOrder } from '../containers.ts';
import { createOptions } from './posture.ts';

const words = fc.string({ maxLength: 30, unit: 'grapheme' });
const paths = words.map((word) => `/srv/${word}`);

/** Any order there can be, also with fields that nobody knows. */
const orders: fc.Arbitrary<ContainerOrder> = fc.record(
  {
    purpose: fc.record({ kind: fc.constantFrom('shell', 'worker', 'claude_code', 'acp'), id: words }),
    image: words,
    command: fc.array(words),
    environment: fc.dictionary(words, words),
    workspace: fc.record(
      {
        hostPath: paths,
        readOnly: fc.boolean(),
        hidden: fc.array(fc.record({ path: words, kind: fc.constantFrom('folder', 'file') })),
      },
      { requiredKeys: ['hostPath', 'readOnly'] },
    ),
    socketFolder: paths,
    stateFolder: paths,
    readOnly: fc.array(fc.record({ hostPath: paths, path: paths })),
    limits: fc.record(
      {
        memoryMb: fc.integer({ min: 1, max: 1e6 }),
        cpus: fc.double({ min: 0.1, max: 256, noNaN: true }),
        processes: fc.integer({ min: 1, max: 1e5 }),
        temporaryMb: fc.integer({ min: 1, max: 1e6 }),
        workspaceMb: fc.integer({ min: 1, max: 1e6 }),
      },
      { requiredKeys: ['memoryMb', 'cpus', 'processes', 'temporaryMb'] },
    ),
    Privileged: fc.constant(true),
    NetworkMode: fc.constant('host'),
    HostConfig: fc.constant({ Privileged: true, CapAdd: ['ALL'] }),
  },
  { requiredKeys: ['purpose', 'image', 'environment', 'workspace', 'limits'] },
);

test('no order has a container stand in another posture', () => {
  fc.assert(fc.property(orders, (order) => holds(order)));
});

function holds(order: ContainerOrder): void {
  const options = createOptions({
    order,
    name: 'x',
    user: { uid: 10_001, gid: 10_001 },
    labels: {},
    command: ['sleep', '1'],
  });
  const { HostConfig: host } = options;
  expect(options).toMatchObject({ User: '10001:10001', NetworkDisabled: true, Entrypoint: [] });
  expect(host).toMatchObject({
    NetworkMode: 'none',
    CapDrop: ['ALL'],
    CapAdd: [],
    Privileged: false,
    SecurityOpt: ['no-new-privileges'],
    ReadonlyRootfs: true,
    IpcMode: 'private',
    CgroupnsMode: 'private',
    PidMode: '',
    UTSMode: '',
    UsernsMode: '',
    Devices: [],
    DeviceRequests: [],
    Binds: [],
    VolumesFrom: [],
    PidsLimit: order.limits.processes,
    OomKillDisable: false,
  });
  expect(host?.Memory).toBeGreaterThan(0);
  expect(host?.MemorySwap).toBe(host?.Memory);
  expect(host?.NanoCpus).toBeGreaterThan(0);
  // Whatever may be written is the workspace, where the order says so, and the first process's own state.
  const writable =
    host?.Mounts?.filter(({ ReadOnly }) => ReadOnly !== true).map(({ Source }) => Source) ?? [];
  const meant = [
    ...(order.workspace.readOnly ? [] : [order.workspace.hostPath]),
    ...(order.stateFolder === undefined ? [] : [order.stateFolder]),
  ];
  expect(writable).toEqual(meant);
  expect(Object.keys(host ?? {}).sort()).toEqual(KNOWN);
}

/** What is said to the daemon, and nothing else. */
const KNOWN = [
  'AutoRemove Binds CapAdd CapDrop CgroupnsMode DeviceRequests Devices ExtraHosts IpcMode Links LogConfig Memory MemorySwap',
  'Mounts NanoCpus NetworkMode OomKillDisable PidMode PidsLimit PortBindings Privileged PublishAllPorts',
  'ReadonlyRootfs RestartPolicy SecurityOpt ShmSize Tmpfs UTSMode Ulimits UsernsMode VolumesFrom',
]
  .join(' ')
  .split(' ')
  .sort();
