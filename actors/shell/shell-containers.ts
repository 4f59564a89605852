import type { Logger } from 'pino';
import type { WarmContainerInput } from '../../machines/warm-container.ts';
import { ContainerError, type Containers, type ExecResult } from '../../src/containers/index.ts';
import { coerceError } from '../../src/core/errors.ts';
import type { Egress } from '../../src/egress/index.ts';
import type { CommandOrder, CommandOutcome, CommandPlace } from '../../src/tools/index.ts';
import { placeInside, prepareShell } from './shell-order.ts';
import { createShellRoom, type ShellRoom } from './shell-room.ts';
import type { ShellSettings } from './shell-settings.ts';

/** Runs the commands of each conversation in a container of its own, which is kept for the next ones. */
export interface ShellContainers extends CommandPlace {
  /**
   * Has the keeper told which containers are wanted: those there are, and each new one.
   *
   * @returns ends the telling
   */
  onWanted(start: (id: string, input: WarmContainerInput) => void): () => void;
  /** Removes what earlier lives of the program left. */
  sweep(): Promise<void>;
  /** Removes all, when the program ends. */
  rest(): Promise<void>;
}

export interface ShellContainersParts {
  readonly containers: Containers;
  readonly egress: () => Egress;
  readonly settings: ShellSettings;
  readonly log: Logger;
}

export function createShellContainers(parts: ShellContainersParts): ShellContainers {
  const { containers, settings, log } = parts;
  const rooms = new Map<string, ShellRoom>();
  let made = 0;
  let want: (id: string, input: WarmContainerInput) => void = () => undefined;
  const announce = ({ id, desk }: ShellRoom): void => want(id, { desk, idleMs: settings.idleMs });

  const create = (conversationId: string): ShellRoom => {
    // The actor of the one before may still be about to end.
    const room = createShellRoom(`${conversationId}.${++made}`, containers, () =>
      prepareShell(conversationId, settings, parts.egress()),
    );
    rooms.set(conversationId, room);
    room.gone.then(() => rooms.delete(conversationId));
    announce(room);
    return room;
  };
  const enter = async (conversationId: string): Promise<ShellRoom> => {
    for (let room = rooms.get(conversationId); room; room = rooms.get(conversationId)) {
      if (room.isOpen()) return room;
      await room.gone;
    }
    return create(conversationId);
  };

  return {
    async run(order) {
      const begun = performance.now();
      const outcome = await runIn(order, () => enter(order.conversationId), settings);
      return { durationMs: performance.now() - begun, ...outcome };
    },
    onWanted(start) {
      want = start;
      for (const room of rooms.values()) announce(room);
      return () => {
        want = () => undefined;
      };
    },
    async sweep() {
      try {
        for (const { id, purpose } of await containers.mine())
          if (purpose.kind === 'shell' && !rooms.has(purpose.id))
            await (await containers.adopt(id))?.remove();
      } catch (thrown) {
        log.warn({ err: coerceError(thrown) }, 'containers of an earlier life could not be removed');
      }
    },
    async rest() {
      const removals = await Promise.allSettled([...rooms.values()].map(({ desk }) => desk.remove()));
      for (const removal of removals)
        if (removal.status === 'rejected')
          log.warn({ err: coerceError(removal.reason) }, 'a container could not be removed');
    },
  };
}

type Outcome = Omit<CommandOutcome, 'durationMs'> & { readonly durationMs?: number };

async function runIn(
  { command, workdir, timeoutMs, signal }: CommandOrder,
  enter: () => Promise<ShellRoom>,
  { root, limits }: ShellSettings,
): Promise<Outcome> {
  const inside = await placeInside(root, workdir).catch(() => undefined);
  if (inside === undefined)
    return notStarted(
      'commands run in a container that sees the files folder only, and workdir is not in it',
    );
  let isRunning = false;
  try {
    const room = await enter();
    return await room.use(async (container) => {
      isRunning = true;
      // One stream, so that what a command prints stays in the order in which it did.
      const merged = ['bash', '--noprofile', '--norc', '-c', 'exec 2>&1; eval "$1"', 'bash', command];
      const result = await container.exec({ command: merged, workdir: inside, timeoutMs, signal });
      return outcomeOf(result, limits.memoryMb);
    });
  } catch (thrown) {
    const error = coerceError(thrown);
    if (!(error instanceof ContainerError)) throw thrown;
    if (isRunning) return { ended: { kind: 'lost', why: withoutStop(error.message) }, output: '' };
    return error.kind === 'aborted'
      ? { ended: { kind: 'aborted' }, output: '' }
      : notStarted(`${withoutStop(error.message)} (commands run in containers here: sandbox.enabled)`);
  }
}

const notStarted = (why: string): Outcome => ({ ended: { kind: 'not-started', why }, output: '' });

const withoutStop = (sentence: string): string => sentence.replace(/\.$/, '');

function outcomeOf({ ended, exitCode, stdout, outOfMemory }: ExecResult, memoryMb: number): Outcome {
  if (ended !== 'exited') return { ended: { kind: ended }, output: stdout };
  if (outOfMemory)
    return {
      ended: { kind: 'killed', by: `the kernel: it wanted more than ${memoryMb} MB of memory` },
      output: stdout,
    };
  return { ended: { kind: 'exited', code: exitCode ?? -1 }, output: stdout };
}
