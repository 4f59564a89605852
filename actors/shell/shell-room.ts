import type { WarmContainerDesk, WarmContainerEvent } from '../../machines/warm-container.ts';
import { type Container, ContainerError, type Containers } from '../../src/containers/index.ts';
import type { ShellOrder } from './shell-order.ts';

/** The container of one conversation, for whoever has a command to run in it, and for the actor that governs it. */
export interface ShellRoom {
  /** Of its actor. */
  readonly id: string;
  readonly desk: WarmContainerDesk;
  /** False: it is being removed, and nobody may enter. */
  isOpen(): boolean;
  /** Resolves when nothing of it is left. */
  readonly gone: Promise<void>;
  /** Runs something in the container, which is kept meanwhile. Rejects with `ContainerError`. */
  use<T>(action: (container: Container) => Promise<T>): Promise<T>;
}

export function createShellRoom(
  id: string,
  containers: Containers,
  prepare: () => Promise<ShellOrder>,
): ShellRoom {
  const ready = Promise.withResolvers<Container>();
  const gone = Promise.withResolvers<void>();
  // Nobody may be waiting for it when it fails.
  ready.promise.catch(() => undefined);
  let prepared: ShellOrder | undefined;
  let container: Container | undefined;
  let isOpen = true;
  let running = 0;
  let tell: (event: WarmContainerEvent) => void = () => undefined;
  const count = (change: number): void => {
    running += change;
    tell({ type: 'commands.counted', running });
  };

  return {
    id,
    isOpen: () => isOpen,
    gone: gone.promise,
    async use(action) {
      count(1);
      try {
        return await action(await ready.promise);
      } finally {
        count(-1);
      }
    },
    desk: {
      async start(signal) {
        if (container) return;
        try {
          if (!isOpen) throw new ContainerError('gone', 'The container was removed.');
          prepared ??= await prepare();
          container = await startOrAdopt(containers, prepared, signal);
          ready.resolve(container);
        } catch (thrown) {
          isOpen = false;
          ready.reject(thrown);
          throw thrown;
        }
      },
      attend(next) {
        tell = next;
        count(0);
        const ended = (): void => {
          isOpen = false;
          next({ type: 'container.ended' });
        };
        container?.ended().then(ended, ended);
        return () => {
          tell = () => undefined;
        };
      },
      close() {
        isOpen = false;
        ready.reject(new ContainerError('gone', 'The container was removed.'));
      },
      async remove() {
        isOpen = false;
        await container?.remove().catch(unlessDaemonIsGone);
        await prepared?.close();
        gone.resolve();
      },
    },
  };
}

/** Of a container whose daemon is gone nothing runs; what is left of it is in nobody's way. */
function unlessDaemonIsGone(thrown: unknown): void {
  const isGone =
    thrown instanceof ContainerError && (thrown.kind === 'unavailable' || thrown.kind === 'lost');
  if (!isGone) throw thrown;
}

/** One that runs already was started by an earlier life; it has sockets that nobody listens at any more. */
async function startOrAdopt(
  containers: Containers,
  { order }: ShellOrder,
  signal: AbortSignal,
): Promise<Container> {
  try {
    return await containers.start(order, signal);
  } catch (thrown) {
    if (!(thrown instanceof ContainerError) || thrown.kind !== 'exists') throw thrown;
  }
  const former = (await containers.mine()).find(
    ({ purpose }) => purpose.kind === 'shell' && purpose.id === order.purpose.id,
  );
  await (former && (await containers.adopt(former.id)))?.remove();
  return containers.start(order, signal);
}
