import { createHash } from 'node:crypto';
import { realpathSync } from 'node:fs';
import { realpath } from 'node:fs/promises';
import type Dockerode from 'dockerode';
import { ContainerError } from '../container-error.ts';
import type {
  Container,
  ContainerOrder,
  ContainerPurpose,
  Containers,
  DaemonState,
  FoundContainer,
} from '../containers.ts';
import { containerHandle } from './container-handle.ts';
import { daemonSocket } from './daemon-socket.ts';
import { daemonTrouble, placeOf } from './daemon-trouble.ts';
import { codeOf, containerErrorOf, statusOf } from './docker-failure.ts';
import { firstCommand } from './inside.ts';
import { openDocker } from './open-docker.ts';
import { createOptions } from './posture.ts';
import { containerAccount, handOver, type SharedFolder } from './workspace-owner.ts';

export interface ContainersOptions {
  /** The home folder: two installations on one machine do not see each other's containers. */
  readonly home: string;
  /** Of the daemon; without it where `DOCKER_HOST` says, or where systems have it. */
  readonly socketPath?: string;
}

/** Containers of Docker. Its client is loaded, and it is asked, with the first use. */
export function createDockerContainers({ home, socketPath: given }: ContainersOptions): Containers {
  const socketPath = daemonSocket(given, process.env);
  const installation = createHash('sha256').update(realpathOr(home)).digest('hex').slice(0, 16);
  let opened: Promise<Dockerode> | undefined;
  const docker = (): Promise<Dockerode> => {
    opened ??= openDocker(socketPath);
    return opened;
  };
  const own = async <T>(action: (client: Dockerode) => Promise<T>, image?: string): Promise<T> => {
    try {
      return await action(await docker());
    } catch (thrown) {
      throw containerErrorOf(thrown, socketPath, image);
    }
  };

  return {
    probe: async () => probe(await docker(), socketPath),
    hasImage: (image) => own((client) => isThere(client, image)),
    start: (order, signal) =>
      own((client) => start({ client, socketPath, installation }, order, signal), order.image),
    mine: () => own((client) => findMine(client, installation)),
    adopt: (id) => own((client) => adopt({ client, socketPath, installation }, id)),
  };
}

interface Parts {
  readonly client: Dockerode;
  readonly socketPath: string;
  readonly installation: string;
}

/** A daemon that accepts and does not answer counts as not running. */
const PROBE_MS = 3_000;

async function probe(client: Dockerode, socket: string): Promise<DaemonState> {
  try {
    const { Version } = await withinLimit(client.version());
    return { state: 'available', version: Version };
  } catch (thrown) {
    return daemonTrouble(codeOf(thrown), placeOf(socket));
  }
}

function withinLimit<T>(answer: Promise<T>): Promise<T> {
  const limit = Promise.withResolvers<never>();
  const timer = setTimeout(() => limit.reject(new Error('no answer')), PROBE_MS);
  return Promise.race([answer, limit.promise]).finally(() => clearTimeout(timer));
}

async function isThere(client: Dockerode, image: string): Promise<boolean> {
  try {
    await client.getImage(image).inspect();
    return true;
  } catch (thrown) {
    if (statusOf(thrown) === 404) return false;
    throw thrown;
  }
}

async function start(
  { client, socketPath, installation }: Parts,
  asked: ContainerOrder,
  signal: AbortSignal,
): Promise<Container> {
  const order = await withRealPaths(asked);
  const account = containerAccount();
  const shared = sharedOf(order);
  if (shared) await handOver(shared, account);
  if (order.stateFolder !== undefined) await handOver({ folder: order.stateFolder, hidden: [] }, account);
  interrupted(signal);
  const options = createOptions({
    order,
    name: nameOf(installation, order.purpose),
    user: account,
    labels: labelsOf(installation, order),
    command: firstCommand(order.command, order.socketFolder !== undefined),
  });
  const container = await createOnce(client, options);
  try {
    interrupted(signal);
    await container.start();
    interrupted(signal);
  } catch (thrown) {
    await container.remove({ force: true, v: true }).catch(() => undefined);
    throw thrown;
  }
  return containerHandle({
    docker: client,
    socketPath,
    container,
    purpose: order.purpose,
    ...(shared && { shared }),
    ...(shared && order.limits.workspaceMb !== undefined && { growthMb: order.limits.workspaceMb }),
  });
}

function interrupted(signal: AbortSignal): void {
  if (signal.aborted)
    throw new ContainerError('aborted', 'The container was not started: it was interrupted.');
}

/** One that has ended is in the way of its successor; one that runs is not taken away from whoever uses it. */
async function createOnce(
  client: Dockerode,
  options: ReturnType<typeof createOptions>,
): Promise<Dockerode.Container> {
  try {
    return await client.createContainer(options);
  } catch (thrown) {
    const isTaken = statusOf(thrown) === 409;
    if (!isTaken) throw thrown;
    const former = client.getContainer(options.name);
    const { State } = await former.inspect();
    if (State.Running) throw thrown;
    await former.remove({ force: true, v: true });
    return client.createContainer(options);
  }
}

/** Links are followed here and not by the daemon, which is root, later. */
async function withRealPaths(order: ContainerOrder): Promise<ContainerOrder> {
  const { workspace, socketFolder, stateFolder, readOnly = [] } = order;
  const hostPath = await realPlace(workspace.hostPath);
  if (hostPath === '/')
    throw new ContainerError('refused', 'The whole file system cannot be shared with a container.');
  return {
    ...order,
    workspace: { ...workspace, hostPath },
    ...(socketFolder === undefined ? {} : { socketFolder: await realPlace(socketFolder) }),
    ...(stateFolder === undefined ? {} : { stateFolder: await realPlace(stateFolder) }),
    readOnly: await Promise.all(
      readOnly.map(async ({ hostPath: from, path }) => ({ hostPath: await realPlace(from), path })),
    ),
  };
}

async function realPlace(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch (thrown) {
    throw new ContainerError('refused', `${path} cannot be shared with a container: it is not there.`, {
      cause: thrown,
    });
  }
}

function realpathOr(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}

const HOME = 'ironbark.home';
const PURPOSE = 'ironbark.purpose';
const ID = 'ironbark.id';
const CREATED = 'ironbark.created';
const WORKSPACE_MB = 'ironbark.workspace-mb';

const labelsOf = (installation: string, { purpose, limits }: ContainerOrder): Record<string, string> => ({
  [HOME]: installation,
  [PURPOSE]: purpose.kind,
  [ID]: purpose.id,
  [CREATED]: new Date().toISOString(),
  ...(limits.workspaceMb === undefined ? {} : { [WORKSPACE_MB]: String(limits.workspaceMb) }),
});

/** The same for the same purpose, so that a start that is repeated after a crash is recognised. */
const nameOf = (installation: string, { kind, id }: ContainerPurpose): string =>
  `ironbark-${installation.slice(0, 6)}-${kind}-${id.replace(/[^\w.-]/g, '_')}`;

async function findMine(client: Dockerode, installation: string): Promise<readonly FoundContainer[]> {
  const found = await client.listContainers({ all: true, filters: { label: [`${HOME}=${installation}`] } });
  return found.flatMap(({ Id, Labels, State }) => {
    const purpose = purposeOf(Labels);
    return purpose
      ? [{ id: Id, purpose, running: State === 'running', createdAt: Labels[CREATED] ?? '' }]
      : [];
  });
}

async function adopt(
  { client, socketPath, installation }: Parts,
  id: string,
): Promise<Container | undefined> {
  const container = client.getContainer(id);
  const found = await container.inspect().catch((thrown: unknown) => {
    if (statusOf(thrown) === 404) return undefined;
    throw thrown;
  });
  const labels = found?.Config.Labels ?? {};
  const purpose = purposeOf(labels);
  if (!found || !purpose || labels[HOME] !== installation) return undefined;
  const growthMb = Number(labels[WORKSPACE_MB]);
  const shared = sharedIn(found);
  // The full id: what came in may have been the beginning of one.
  return containerHandle({
    docker: client,
    socketPath,
    container: client.getContainer(found.Id),
    purpose,
    ...(shared && { shared }),
    ...(shared && growthMb > 0 && { growthMb }),
  });
}

function purposeOf(labels: Readonly<Record<string, string>>): ContainerPurpose | undefined {
  const [kind, id] = [labels[PURPOSE], labels[ID]];
  return isKind(kind) && id !== undefined ? { kind, id } : undefined;
}

const isKind = (kind: string | undefined): kind is ContainerPurpose['kind'] =>
  kind === 'shell' || kind === 'worker' || kind === 'claude_code' || kind === 'acp';

const sharedOf = ({ workspace }: ContainerOrder): SharedFolder | undefined =>
  workspace.readOnly
    ? undefined
    : { folder: workspace.hostPath, hidden: (workspace.hidden ?? []).map(({ path }) => path) };

/** The same, as the daemon remembers it. */
function sharedIn({ Mounts, HostConfig }: Dockerode.ContainerInspectInfo): SharedFolder | undefined {
  const mount = Mounts.find(({ Destination }) => Destination === WORKSPACE);
  if (mount?.RW !== true) return undefined;
  const files = Mounts.map(({ Destination }) => Destination);
  const places = [...files, ...Object.keys(HostConfig.Tmpfs ?? {})];
  const hidden = places.filter((path) => path.startsWith(`${WORKSPACE}/`));
  return { folder: mount.Source, hidden: hidden.map((path) => path.slice(WORKSPACE.length + 1)) };
}

const WORKSPACE = '/workspace';
