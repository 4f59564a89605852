import { chmod, lstat, mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { ContainerJobDesk, ContainerStep } from '../../machines/container-job.ts';
import { type Container, ContainerError, type ContainerOrder } from '../../src/containers/index.ts';
import { TOKEN_VARIABLE } from '../../src/core/orchestrator.ts';
import { createToken, hashToken } from '../../src/orchestrator/index.ts';
import { jobConversation } from '../conversation-key.ts';
import type { Environment } from '../environment.ts';
import type { RunningJob } from '../jobs/runner.ts';
import { withoutSecrets } from '../secrecy.ts';
import {
  type ContainerMode,
  type ContainerParts,
  EGRESS_SOCKET_NAME,
  foldersOf,
  type JobFolders,
  SOCKET_NAME,
} from './container-plan.ts';
import {
  outcomeStatement,
  progressStatement,
  readContainer,
  revokeStatement,
  startedStatement,
  tryStatement,
  type WorkOutcome,
} from './container-rows.ts';
import { outcomeOf } from './endings.ts';
import { type Following, followContainer } from './follow-container.ts';
import { createLastWords } from './last-words.ts';
import { type Ended, endOf } from './watch-end.ts';

export interface ContainerWork {
  readonly job: RunningJob;
  readonly effectId: string;
  readonly mode: ContainerMode;
}

/** How often the work of one effect may begin anew in another container, from what it has in its state. */
const MOST_TRIES = 4;
const GRACE_MS = 10_000;
/** For ending by itself after it has said that it is done. */
const LEAVING_MS = 5_000;
const LAST_WORDS_MS = 2_000;

/** The work in one container, and how it ended once it has. */
export interface OpenedDesk {
  readonly desk: ContainerJobDesk;
  readonly outcome: Promise<WorkOutcome>;
  /** Nobody is served here any more; the container goes on, and is met again. */
  leave(): Promise<void>;
}

/**
 * The effects of one container. What must outlive this process is in its row before it is done: the hash of the token
 * before the container that is given the token, the outcome before the container is removed.
 */
export function openContainerDesk(env: Environment, parts: ContainerParts, work: ContainerWork): OpenedDesk {
  const { job, effectId, mode } = work;
  const { containers, settings, graceMs = GRACE_MS } = parts;
  const { database, clock } = env;
  const folders = foldersOf(parts.folder, job.id);
  const { shelter, socketFolder, stateFolder } = folders;
  const { promise: outcome, resolve: settle } = Promise.withResolvers<WorkOutcome>();
  const doors = createDoors(env, parts, work);
  const words = createLastWords();
  let container: Container | undefined;
  let following: Following | undefined;
  let token = '';
  const now = (): string => new Date(clock.now()).toISOString();

  /** What the daemon said, where it was that; else it is thrown on. */
  function refusedBy(thrown: unknown): ContainerStep {
    if (!(thrown instanceof ContainerError)) throw thrown;
    words.say(thrown.message);
    if (thrown.kind === 'image-missing') return { next: 'ended', ending: 'image-missing' };
    if (thrown.kind === 'lost' || thrown.kind === 'aborted') return { next: 'lost' };
    return { next: 'ended', ending: thrown.kind === 'unavailable' ? 'unavailable' : 'refused' };
  }

  async function find(): Promise<Container | undefined> {
    const row = await readContainer(database, job.id);
    if (row?.containerId) return containers.adopt(row.containerId);
    // It was started, and the process died before its row could say so.
    const [found] = (await containers.mine()).filter(
      ({ purpose }) => purpose.kind === mode.mode && purpose.id === job.id,
    );
    return found && containers.adopt(found.id);
  }

  function follow(running: Container): void {
    const followed = followContainer(env, job.id, running);
    following = followed;
    void followed.lastWords.then((end) => end === '' || words.say(`Its last words: ${end}`));
  }

  async function bury(dead: Container): Promise<void> {
    await database.commit([revokeStatement(job.id)]);
    await following?.end();
    await dead.remove();
    container = undefined;
  }

  return {
    outcome,
    async leave() {
      await doors.close();
      await following?.end();
    },
    desk: {
      async look() {
        const row = await readContainer(database, job.id);
        if (row?.effectId === effectId && row.outcome) {
          settle(row.outcome);
          return { next: 'ended', ending: 'told' };
        }
        const found = row && (await find());
        if (!found) return { next: 'absent' };
        if (row.effectId !== effectId || row.tokenHash === null) {
          // Of an effect that is over: it may not go on.
          await bury(found);
          return { next: 'absent' };
        }
        await doors.open();
        await database.commit([startedStatement(job.id, found.id), progressStatement(job.id, now())]);
        container = found;
        follow(found);
        return { next: 'running' };
      },

      async create() {
        const row = await readContainer(database, job.id);
        const state = await containers.probe();
        if (state.state !== 'available') {
          words.say(`${state.message} ${state.fix}`);
          if (row?.effectId !== effectId) return { next: 'ended', ending: 'unavailable' };
          throw new Error(state.message);
        }
        if (!(await containers.hasImage(settings.image))) return { next: 'ended', ending: 'image-missing' };
        if (row?.effectId === effectId && row.tries >= MOST_TRIES) return { next: 'ended', ending: 'died' };
        await makeFolders(folders);
        await doors.open();
        token = createToken();
        const order = {
          jobId: job.id,
          mode: mode.mode,
          effectId,
          tokenHash: hashToken(token),
          socketFolder,
          stateFolder,
          minutes: job.limits.minutes,
          at: now(),
        };
        await database.commit([tryStatement(order)]);
        return { next: 'created' };
      },

      async start(signal) {
        try {
          container = await containers.start(
            orderOf(parts, work, { socketFolder, stateFolder, token }),
            signal,
          );
        } catch (thrown) {
          if (!(thrown instanceof ContainerError) || thrown.kind !== 'exists') return refusedBy(thrown);
          const left = await find();
          if (left) await bury(left);
          return { next: 'lost' };
        }
        await database.commit([startedStatement(job.id, container.id), progressStatement(job.id, now())]);
        follow(container);
        return { next: 'running' };
      },

      async watch(signal) {
        if (!container) return { next: 'lost' };
        const ended = await endOf(env, parts, { jobId: job.id, container }, signal);
        if (ended.kind !== 'exited') return stepOf(ended);
        // What it said before it ended counts more than that it ended.
        if ((await readContainer(database, job.id))?.told) return { next: 'ended', ending: 'told' };
        if (ended.end.outOfMemory) return { next: 'ended', ending: 'out-of-memory' };
        if (ended.end.diskFull) return { next: 'ended', ending: 'disk-full' };
        words.say(`It ended with ${ended.end.exitCode}.`);
        await heardOut(following);
        await bury(container);
        return { next: 'died' };
      },

      async stop(ending, signal) {
        const left = container ?? (await find());
        if (!left) return;
        if (ending === 'told') await leaves(left, signal);
        await left.stop(graceMs);
      },

      async collect(ending) {
        const row = await readContainer(database, job.id);
        await following?.end();
        await env.knownReady();
        const told = outcomeOf(
          ending,
          row,
          ending === 'told' ? undefined : withoutSecrets(env, words.text()),
        );
        const again = ending === 'stuck';
        await database.commit([again ? revokeStatement(job.id) : outcomeStatement(job.id, effectId, told)]);
        await doors.close();
        const left = container ?? (await find().catch(() => undefined));
        // Where the daemon is gone, whoever looks for what was left behind removes it later.
        await left?.remove().catch((error: unknown) => env.log.warn({ err: error }, 'container not removed'));
        container = undefined;
        await rm(shelter, { recursive: true, force: true });
        if (!again) await rm(stateFolder, { recursive: true, force: true });
        settle((again ? undefined : (await readContainer(database, job.id))?.outcome) ?? told);
      },
    },
  };
}

const stepOf = (ended: Exclude<Ended, { kind: 'exited' }>): ContainerStep => {
  switch (ended.kind) {
    case 'told':
      return { next: 'ended', ending: 'told' };
    case 'overdue':
      return { next: 'ended', ending: 'overdue' };
    case 'lost':
      return { next: 'lost' };
  }
};

/** It ends by itself, as a rule. */
async function leaves(container: Container, signal: AbortSignal): Promise<void> {
  const { promise: tooLong, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, LEAVING_MS);
  signal.addEventListener('abort', () => resolve(), { once: true });
  await Promise.race([container.ended().catch(() => undefined), tooLong]);
  clearTimeout(timer);
}

/** The end of what it wrote may still be on its way, for no longer than this. */
async function heardOut(following: Following | undefined): Promise<void> {
  const { promise: tooLong, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, LAST_WORDS_MS);
  await Promise.race([following?.lastWords, tooLong]);
  clearTimeout(timer);
}

async function makeFolders({ shelter, socketFolder, stateFolder }: JobFolders): Promise<void> {
  await mkdir(stateFolder, { recursive: true, mode: 0o700 });
  await mkdir(shelter, { recursive: true, mode: 0o700 });
  if (!(await isOurs(shelter)))
    throw new ContainerError(
      'refused',
      `Others can come to ${shelter}, so no container was given its sockets there. Remove it.`,
    );
  await mkdir(socketFolder, { recursive: true });
  // Whoever runs inside has another id than we have, and only looks for its two sockets here.
  await chmod(socketFolder, 0o755);
}

/** Somebody may have made it before us where everybody may make folders. */
async function isOurs(folder: string): Promise<boolean> {
  const found = await lstat(folder);
  const { uid, mode } = found;
  return found.isDirectory() && uid === process.getuid?.() && (mode & 0o077) === 0;
}

function orderOf(
  { settings }: ContainerParts,
  { job, mode }: ContainerWork,
  { socketFolder, stateFolder, token }: { socketFolder: string; stateFolder: string; token: string },
): ContainerOrder {
  return {
    purpose: { kind: mode.mode, id: job.id },
    image: settings.image,
    command: mode.command(job.id),
    environment: { ...mode.environment, [TOKEN_VARIABLE]: token },
    workspace: { hostPath: job.folder, readOnly: false },
    socketFolder,
    stateFolder,
    ...(mode.readOnly && { readOnly: mode.readOnly }),
    limits: settings.limits,
  };
}

/** The two sockets of a job. Opened anew where they were left open: whoever was there before is hung up on. */
function createDoors(env: Environment, parts: ContainerParts, { job }: ContainerWork) {
  const { socketFolder } = foldersOf(parts.folder, job.id);
  let open: readonly { close(): Promise<void> }[] = [];
  const close = async (): Promise<void> => {
    const closing = open;
    open = [];
    await Promise.all(closing.map((door) => door.close()));
  };
  return {
    close,
    async open(): Promise<void> {
      await close();
      open = await Promise.all([
        parts.orchestrator.listen(join(socketFolder, SOCKET_NAME), job.id),
        env.egress.open({
          socketPath: join(socketFolder, EGRESS_SOCKET_NAME),
          invocation: { kind: 'job', id: job.id },
          conversationId: jobConversation(job.id),
        }),
      ]);
    },
  };
}
