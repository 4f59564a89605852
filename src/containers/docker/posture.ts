import type { ContainerCreateOptions, HostConfig, MountSettings } from 'dockerode';
import type { ContainerOrder } from '../containers.ts';

/** Nobody on the host. Images that we build know it by name. */
export const CONTAINER_UID = 10_001;

/** What is beyond the order: whose container it is, and who its processes are. */
export interface PostureInput {
  readonly order: ContainerOrder;
  readonly name: string;
  readonly user: { readonly uid: number; readonly gid: number };
  readonly labels: Readonly<Record<string, string>>;
  readonly command: readonly string[];
}

const MEBIBYTE = 1024 * 1024;

/**
 * The one posture, as Docker is told it. Everything that could loosen it is spelled out, also what Docker would do by
 * itself, so that a daemon with other defaults changes nothing.
 */
export function createOptions({
  order,
  name,
  user,
  labels,
  command,
}: PostureInput): ContainerCreateOptions & { readonly name: string } {
  return {
    name,
    Image: order.image,
    Entrypoint: [],
    Cmd: [...command],
    Env: Object.entries(environmentOf(order)).map(([variable, value]) => `${variable}=${value}`),
    User: `${user.uid}:${user.gid}`,
    WorkingDir: '/workspace',
    Labels: { ...labels },
    Hostname: 'sandbox',
    Tty: false,
    OpenStdin: false,
    AttachStdin: false,
    AttachStdout: false,
    AttachStderr: false,
    NetworkDisabled: true,
    Healthcheck: { Test: ['NONE'] },
    HostConfig: hostConfig(order),
  };
}

function hostConfig(order: ContainerOrder): Posture {
  const { limits } = order;
  const memory = limits.memoryMb * MEBIBYTE;
  return {
    NetworkMode: 'none',
    CapDrop: ['ALL'],
    CapAdd: [],
    Privileged: false,
    // Docker's own filter of system calls applies unless it is taken away here.
    SecurityOpt: ['no-new-privileges'],
    ReadonlyRootfs: true,
    IpcMode: 'private',
    CgroupnsMode: 'private',
    PidMode: '',
    UTSMode: '',
    UsernsMode: '',
    Devices: [],
    DeviceRequests: [],
    Memory: memory,
    // The same figure means: nothing is swapped.
    MemorySwap: memory,
    OomKillDisable: false,
    NanoCpus: Math.round(limits.cpus * 1e9),
    PidsLimit: limits.processes,
    ShmSize: 16 * MEBIBYTE,
    Ulimits: [
      { Name: 'core', Soft: 0, Hard: 0 },
      { Name: 'nofile', Soft: 4096, Hard: 4096 },
      ...fileSize(limits.workspaceMb),
    ],
    Tmpfs: {
      // Compilers and package managers run what they have put there.
      '/tmp': `rw,exec,nosuid,nodev,mode=1777,size=${limits.temporaryMb}m`,
      ...Object.fromEntries(
        hiddenFolders(order).map((path) => [path, 'ro,noexec,nosuid,nodev,size=4k,mode=0555']),
      ),
    },
    Mounts: mountsOf(order),
    Binds: [],
    VolumesFrom: [],
    Links: [],
    ExtraHosts: [],
    PublishAllPorts: false,
    PortBindings: {},
    RestartPolicy: { Name: 'no' },
    // How it ended is asked afterwards.
    AutoRemove: false,
    // What the first process prints lies on the host's disk.
    LogConfig: { Type: 'json-file', Config: { 'max-size': '10m', 'max-file': '2' } },
  };
}

/** A single file that grows beyond is stopped by the kernel, at once. */
const fileSize = (workspaceMb: number | undefined): { Name: string; Soft: number; Hard: number }[] =>
  workspaceMb === undefined
    ? []
    : [{ Name: 'fsize', Soft: workspaceMb * MEBIBYTE, Hard: workspaceMb * MEBIBYTE }];

const hiddenFolders = ({ workspace }: ContainerOrder): readonly string[] =>
  (workspace.hidden ?? []).flatMap(({ path, kind }) => (kind === 'folder' ? [`/workspace/${path}`] : []));

/** With what the types of the client do not know yet. */
type Posture = HostConfig & { readonly CgroupnsMode: 'private' };

interface Mount extends MountSettings {
  readonly BindOptions: { readonly Propagation: 'rprivate'; readonly NonRecursive: true };
}

function mountsOf(order: ContainerOrder): Mount[] {
  const { workspace, socketFolder, stateFolder, readOnly = [] } = order;
  return [
    mount(workspace.hostPath, '/workspace', workspace.readOnly),
    ...(workspace.hidden ?? []).flatMap(({ path, kind }) =>
      kind === 'file' ? [mount('/dev/null', `/workspace/${path}`, true)] : [],
    ),
    ...(socketFolder === undefined ? [] : [mount(socketFolder, '/run/ironbark', true)]),
    ...(stateFolder === undefined ? [] : [mount(stateFolder, '/state', false)]),
    ...readOnly.map(({ hostPath, path }) => mount(hostPath, path, true)),
  ];
}

/** Only this folder, not what is mounted below it; and what is mounted there later stays on its own side. */
const mount = (source: string, target: string, readOnly: boolean): Mount => ({
  Type: 'bind',
  Source: source,
  Target: target,
  ReadOnly: readOnly,
  BindOptions: { Propagation: 'rprivate', NonRecursive: true },
});

const PROXY = 'http://127.0.0.1:3128';

const BEHIND_PROXY: Readonly<Record<string, string>> = {
  http_proxy: PROXY,
  https_proxy: PROXY,
  HTTP_PROXY: PROXY,
  HTTPS_PROXY: PROXY,
  no_proxy: 'localhost,127.0.0.1',
  NO_PROXY: 'localhost,127.0.0.1',
  // Node asks the two above only where it is told to.
  NODE_USE_ENV_PROXY: '1',
};

const environmentOf = ({ environment, socketFolder }: ContainerOrder): Readonly<Record<string, string>> => ({
  PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
  HOME: '/tmp',
  LANG: 'C.UTF-8',
  ...(socketFolder === undefined ? {} : BEHIND_PROXY),
  ...environment,
});
