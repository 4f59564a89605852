import { chmod, mkdir, mkdtemp, readdir, realpath, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { isAbsolute, join, relative, sep } from 'node:path';
import type { ContainerOrder } from '../../src/containers/index.ts';
import type { Egress } from '../../src/egress/index.ts';
import { isSensitive } from '../../src/tools/index.ts';
import type { ShellSettings } from './shell-settings.ts';

/** A container for the commands of a conversation, as it is ordered, and the door that was opened for it. */
export interface ShellOrder {
  readonly order: ContainerOrder;
  close(): Promise<void>;
}

/** A day: one that was forgotten, because its machine lost power, ends by itself. */
const LONGEST_LIFE_SECONDS = 86_400;

export async function prepareShell(
  conversationId: string,
  settings: ShellSettings,
  egress: Egress,
): Promise<ShellOrder> {
  const { image, root, readOnly, limits } = settings;
  const hidden = await hiddenIn(await realpath(root), settings.forbidden);
  // Others on this machine must not come to the socket, nobody's account in the container must.
  const folder = await mkdtemp(join(tmpdir(), 'ib-door-'));
  const socketFolder = join(folder, 'run');
  await mkdir(socketFolder);
  await chmod(socketFolder, 0o755);
  const invocation = { kind: 'shell', id: conversationId } as const;
  const door = await egress.open({
    socketPath: join(socketFolder, 'egress.sock'),
    invocation,
    conversationId,
  });
  return {
    order: {
      purpose: { kind: 'shell', id: conversationId },
      image,
      command: ['sleep', String(LONGEST_LIFE_SECONDS)],
      environment: { PAGER: 'cat', GIT_PAGER: 'cat', GIT_TERMINAL_PROMPT: '0' },
      workspace: { hostPath: root, readOnly, hidden },
      socketFolder,
      limits,
    },
    async close() {
      await door.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

type Hidden = NonNullable<ContainerOrder['workspace']['hidden']>;

/** Our own data, and what lies in the files folder itself and is likely to hold secrets. */
async function hiddenIn(root: string, forbidden: readonly string[]): Promise<Hidden> {
  const own = await Promise.all(forbidden.map((path) => realpath(path).catch(() => undefined)));
  const ours = own.flatMap((path) => (path === undefined ? [] : within(root, path)));
  const names = await readdir(root, { withFileTypes: true });
  const secret = names
    .filter((entry) => (entry.isFile() || entry.isDirectory()) && isSensitive(join(root, entry.name)))
    .map((entry) => ({ path: entry.name, kind: entry.isFile() ? ('file' as const) : ('folder' as const) }));
  return [...ours.map((path) => ({ path, kind: 'folder' as const })), ...secret];
}

/** The way from the root to what lies in it. */
function within(root: string, path: string): readonly string[] {
  const way = relative(root, path);
  return way === '' || way === '..' || way.startsWith(`..${sep}`) || isAbsolute(way) ? [] : [way];
}

/** Where a folder of the files folder is seen inside; undefined for one that is not seen there. */
export async function placeInside(root: string, folder: string): Promise<string | undefined> {
  const [realRoot, realFolder] = [await realpath(root), await realpath(folder)];
  if (realRoot === realFolder) return '/workspace';
  const [way] = within(realRoot, realFolder);
  return way !== undefined && (await stat(realFolder)).isDirectory() ? `/workspace/${way}` : undefined;
}
