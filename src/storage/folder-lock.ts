import { createHash } from 'node:crypto';
import { closeSync, constants, openSync, realpathSync, rmSync } from 'node:fs';
import { connect, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { json } from 'node:stream/consumers';
import { coerceError } from '../core/errors.ts';

export interface HeldFolder {
  readonly held: true;
  release(): Promise<void>;
}

export interface TakenFolder {
  readonly held: false;
  /** What the owner says of itself; empty where it does not answer. */
  readonly owner: object;
}

/**
 * Makes this process the single owner of a folder, or finds out who is. The lock is a socket named after the real
 * path, which the kernel frees when its process ends, however it ends: nothing is left behind that could be stale.
 *
 * The socket has no permissions: anyone on this machine may ask the owner, so `describe` must tell no secrets, and
 * anyone may take the name while it is free, so an answer is to be trusted only if it proves itself. For that each
 * question carries a challenge of the asker's.
 */
export async function holdFolder(folder: string, describe: Describe): Promise<HeldFolder | TakenFolder> {
  const address = lockAddress(folder);
  for (;;) {
    const held = await tryHold(address, describe);
    if (held) return held;
    const owner = await askOwner(address, '');
    if (owner) return { held: false, owner };
    // It went away between the two; try again.
  }
}

/** What an owner says of itself to one who asks with this challenge. */
export type Describe = (challenge: string) => object;

/** What the folder's owner says of itself; undefined where it has none. */
export async function findOwner(folder: string, challenge: string): Promise<object | undefined> {
  return askOwner(lockAddress(folder), challenge);
}

interface LockAddress {
  readonly socket: string;
  /** Where sockets outlive their process: a file that is locked with the kernel's help first. */
  readonly guard?: string;
}

function lockAddress(folder: string): LockAddress {
  const name = `ironbark-${createHash('sha256').update(realPath(folder)).digest('hex').slice(0, 32)}`;
  if (process.platform === 'linux') return { socket: `\0${name}` };
  if (process.platform === 'win32') return { socket: `\\\\.\\pipe\\${name}` };
  return { socket: join(tmpdir(), `${name}.sock`), guard: join(tmpdir(), `${name}.lock`) };
}

/** Of a folder that may not exist yet. */
function realPath(folder: string): string {
  try {
    return realpathSync(folder);
  } catch (thrown) {
    if (!hasCode(thrown, 'ENOENT') || dirname(folder) === folder) throw thrown;
    return join(realPath(dirname(folder)), basename(folder));
  }
}

async function tryHold({ socket, guard }: LockAddress, describe: Describe): Promise<HeldFolder | undefined> {
  const guardFd = guard === undefined ? undefined : lockFile(guard);
  if (guard !== undefined && guardFd === undefined) return undefined;
  if (guard !== undefined) rmSync(socket, { force: true });
  const server = await listen(socket, describe);
  if (!server) return undefined;
  return {
    held: true,
    async release() {
      await new Promise((resolve) => server.close(resolve));
      if (guardFd !== undefined) closeSync(guardFd);
    },
  };
}

/** `open` flag of macOS and the BSDs: exclusive lock, freed with the process. Node has no name for it. */
const O_EXLOCK = 0x20;

function lockFile(path: string): number | undefined {
  try {
    return openSync(path, constants.O_RDWR | constants.O_CREAT | constants.O_NONBLOCK | O_EXLOCK, 0o600);
  } catch (thrown) {
    if (hasCode(thrown, 'EAGAIN')) return undefined;
    throw thrown;
  }
}

function listen(socket: string, describe: Describe): Promise<Server | undefined> {
  const server = createServer((visitor) => {
    visitor.on('error', () => {}); // A visitor that left early is no trouble of ours.
    visitor.setTimeout(ANSWER_WITHIN_MS, () => visitor.destroy());
    visitor.once('data', (question) => {
      const challenge = question.toString('utf8', 0, MAX_CHALLENGE_BYTES).trimEnd();
      // Not waiting for the visitor to hang up too: one that never does would hold up our end.
      visitor.end(`${JSON.stringify(describe(challenge))}\n`, () => visitor.destroy());
    });
  });
  return new Promise((resolve, reject) => {
    server.once('error', (error) => (hasCode(error, 'EADDRINUSE') ? resolve(undefined) : reject(error)));
    // Holding a folder is no reason for a program to stay alive.
    server.listen(socket, () => resolve(server.unref()));
  });
}

const ANSWER_WITHIN_MS = 2_000;
const MAX_CHALLENGE_BYTES = 256;

/** Undefined where nobody is there to answer; empty where somebody is, but does not. */
async function askOwner({ socket }: LockAddress, challenge: string): Promise<object | undefined> {
  const visitor = connect(socket);
  visitor.write(`${challenge}\n`);
  const giveUp = AbortSignal.timeout(ANSWER_WITHIN_MS);
  giveUp.addEventListener('abort', () => visitor.destroy(new Error('no answer')));
  try {
    const answer: unknown = await json(visitor);
    return answer instanceof Object ? answer : {};
  } catch (thrown) {
    return isNobody(thrown) ? undefined : {};
  } finally {
    visitor.destroy();
  }
}

const isNobody = (thrown: unknown): boolean => hasCode(thrown, 'ECONNREFUSED') || hasCode(thrown, 'ENOENT');

function hasCode(thrown: unknown, code: string): boolean {
  const error = coerceError(thrown);
  return 'code' in error && error.code === code;
}
