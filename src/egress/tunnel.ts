import type { Socket } from 'node:net';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { ok, type Result } from '../core/result.ts';
import { resolvePublic, type Target } from '../network/index.ts';
import { MAX_HELLO_BYTES, readClientHello } from './client-hello.ts';
import { dialFirst, dialPublic } from './dial.ts';
import type { Door } from './door.ts';
import { checkLeaks } from './leaks.ts';
import { DOWNLOAD, UPLOAD } from './plain-request.ts';
import { type EgressRefusal, refuse } from './refuse.ts';

/**
 * The server's side of a tunnel, open but with nothing said in it yet. What the tunnel will carry is encrypted and
 * cannot be looked through; so the name of the host is, which with a `*.` rule could be made to carry something.
 */
export async function reachServer(
  door: Door,
  target: Target,
  signal: AbortSignal,
): Promise<Result<Socket, EgressRefusal>> {
  const { services, limits } = door;
  const scanned = await checkLeaks(services.leaks, target.host);
  if (!scanned.ok) return scanned;
  const addresses = await resolvePublic(target.host, services.resolver, signal);
  if (!addresses.ok) return addresses;
  return dialFirst(services.dial ?? dialPublic, addresses.value, limits.connectMs, signal);
}

/** The first words of the client, which must be those of an encrypted connection to just this host. */
export async function readHello(
  client: Socket,
  head: Buffer,
  target: Target,
  limitMs: number,
): Promise<Result<Buffer, EgressRefusal>> {
  const deadline = AbortSignal.timeout(limitMs);
  let bytes = head;
  for (;;) {
    const hello = readClientHello(bytes);
    if (hello.kind === 'broken') return NOT_TLS;
    if (hello.kind === 'read') return judged(hello, bytes, target);
    if (bytes.length > MAX_HELLO_BYTES) return NOT_TLS;
    const more = await nextPiece(client, deadline);
    if (!more) return deadline.aborted ? TOO_SLOW : LEFT;
    bytes = Buffer.concat([bytes, more]);
  }
}

function judged(
  hello: Extract<ReturnType<typeof readClientHello>, { kind: 'read' }>,
  bytes: Buffer,
  { host }: Target,
): Result<Buffer, EgressRefusal> {
  if (hello.hidesAnother) return HIDDEN;
  if (hello.serverName === undefined) return NAMELESS;
  if (hello.serverName === host) return ok(bytes);
  return refuse('sni-mismatch', `The tunnel is to ${host}, what is said in it is for another host.`);
}

/** Undefined where no more comes, or not in time. */
function nextPiece(client: Socket, deadline: AbortSignal): Promise<Buffer | undefined> {
  const { promise, resolve } = Promise.withResolvers<Buffer | undefined>();
  const look = (): void => {
    const piece: unknown = client.read();
    if (piece instanceof Buffer) resolve(piece);
  };
  const stop = (): void => resolve(undefined);
  client.on('readable', look);
  for (const over of ['end', 'close'] as const) client.on(over, stop);
  deadline.addEventListener('abort', stop);
  if (client.destroyed || deadline.aborted) stop();
  return promise.finally(() => {
    client.off('readable', look);
    for (const over of ['end', 'close'] as const) client.off(over, stop);
    deadline.removeEventListener('abort', stop);
  });
}

export interface Passed {
  readonly up: number;
  readonly down: number;
  /** Why it was ended, where neither side did. */
  readonly cut: EgressRefusal | undefined;
}

/** Passes bytes to and fro until both sides have ended, or something ends them. Never rejects. */
export async function pass(
  door: Door,
  client: Socket,
  server: Socket,
  hello: Buffer,
  signal: AbortSignal,
): Promise<Passed> {
  const { allowance, limits } = door;
  let cut: EgressRefusal | undefined;
  const end = (why: EgressRefusal): false => {
    cut ??= why;
    client.destroy();
    server.destroy();
    return false;
  };
  const idle = setTimeout(() => end(IDLE), limits.idleMs);
  const total = setTimeout(() => end(TOO_LONG), limits.tunnelMs);
  const stop = () => end(CLOSED);
  signal.addEventListener('abort', stop, { once: true });
  const up = createMeter((bytes) => {
    idle.refresh();
    return allowance.takeUp(bytes) || end(UPLOAD);
  });
  const down = createMeter((bytes) => {
    idle.refresh();
    return allowance.takeDown(bytes) || end(DOWNLOAD);
  });
  up.stream.write(hello);
  await Promise.allSettled([
    pipeline(client, up.stream, server).catch(() => server.destroy()),
    pipeline(server, down.stream, client).catch(() => client.destroy()),
  ]);
  clearTimeout(idle);
  clearTimeout(total);
  signal.removeEventListener('abort', stop);
  return { up: up.passed(), down: down.passed(), cut };
}

/** Lets bytes through as long as each piece may pass. */
function createMeter(mayPass: (bytes: number) => boolean) {
  let passed = 0;
  const stream = new Transform({
    transform(piece: Buffer, _, done) {
      if (!mayPass(piece.length)) return done(new Error('the tunnel was cut'));
      passed += piece.length;
      done(null, piece);
    },
  });
  return { stream, passed: () => passed };
}

const NOT_TLS = refuse('not-tls', 'A tunnel carries TLS only, and this is not how it begins.');
const TOO_SLOW = refuse('request-too-slow', 'Nothing, or too little, was said in the tunnel.');
const LEFT = refuse('request-malformed', 'The tunnel was left before anything was said in it.');
const HIDDEN = refuse('sni-hidden', 'What is said in the tunnel hides for whom it is (encrypted hello).');
const NAMELESS = refuse('sni-missing', 'What is said in the tunnel does not name the host it is for.');

const IDLE: EgressRefusal = { rule: 'tunnel-idle', message: 'Nothing moved in the tunnel for too long.' };
const TOO_LONG: EgressRefusal = { rule: 'tunnel-time', message: 'The tunnel was open for too long.' };
const CLOSED: EgressRefusal = { rule: 'closed', message: 'The container went.' };
