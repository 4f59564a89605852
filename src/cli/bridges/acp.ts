import { Readable, Writable } from 'node:stream';
import {
  type ClientConnection,
  client,
  methods,
  ndJsonStream,
  type PermissionOption,
  PROTOCOL_VERSION,
  type StopReason,
} from '@agentclientprotocol/sdk';
import { coerceError } from '../../core/errors.ts';
import { createUpdateReader, type UpdateReader } from './acp-updates.ts';
import type { BridgeProgram, ProgramEnd, ProgramSetting, Tell } from './bridge-program.ts';
import { type Child, type ChildEnd, startChild } from './child.ts';

export interface AcpOptions {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** Of one turn. */
  readonly limitMs?: number;
}

/** The reference implementation's. */
const LIMIT_MS = 1_800_000;

interface Running {
  readonly child: Child;
  readonly connection: ClientConnection;
  sessionId: string;
}

/** A program that speaks the Agent Client Protocol on its standard input and output; it is kept from turn to turn. */
export function openAcp(options: AcpOptions, setting: ProgramSetting): BridgeProgram {
  const { name, limitMs = LIMIT_MS } = options;
  let running: Running | undefined;
  let reader: UpdateReader | undefined;

  async function connect(session: string | null, tell: Tell): Promise<Running> {
    const child = startChild(options.command, options.args, {
      ...setting,
      env: { ...setting.env, ...options.env },
    });
    const stream = ndJsonStream(Writable.toWeb(child.stdin), Readable.toWeb(child.stdout));
    const connection = client({ name: 'ironbark' })
      .onRequest(methods.client.session.requestPermission, ({ params }) => ({
        outcome: allowed(params.options),
      }))
      .onNotification(methods.client.session.update, ({ params }) => reader?.read(params.update))
      .connect(stream);
    void child.ended.then(({ kind, code, stderr }) =>
      connection.close(new Error(endText(kind, code, stderr))),
    );
    running = { child, connection, sessionId: '' };
    running.sessionId = await openSession(connection, setting.workspace, session);
    tell.session(running.sessionId);
    return running;
  }

  return {
    name,
    async turn(words, session, tell, signal) {
      const over = AbortSignal.any([signal, AbortSignal.timeout(limitMs)]);
      const stop = (): void => running?.child.stop();
      over.addEventListener('abort', stop, { once: true });
      try {
        const { connection, sessionId } = running ?? (await connect(session, tell));
        // What it repeats of an earlier life was told in it.
        reader = createUpdateReader(tell);
        const { stopReason } = await connection.agent.request(methods.agent.session.prompt, {
          sessionId,
          prompt: [{ type: 'text', text: words }],
        });
        return endOf(stopReason, reader.finish(), name);
      } catch (thrown) {
        reader?.finish();
        return { outcome: 'failed', text: await reasonOf(thrown, running, over, signal, options) };
      } finally {
        over.removeEventListener('abort', stop);
        reader = undefined;
      }
    },
    async close() {
      running?.child.stop();
      await running?.child.ended;
    },
  };
}

/** The session of an earlier life, where the agent can go on with it; else a new one. */
async function openSession(
  { agent }: ClientConnection,
  cwd: string,
  session: string | null,
): Promise<string> {
  const { agentCapabilities } = await agent.request(methods.agent.initialize, {
    protocolVersion: PROTOCOL_VERSION,
    clientCapabilities: {},
    clientInfo: { name: 'ironbark', version: '1' },
  });
  if (session !== null && agentCapabilities?.loadSession) {
    await agent.request(methods.agent.session.load, { sessionId: session, cwd, mcpServers: [] });
    return session;
  }
  const { sessionId } = await agent.request(methods.agent.session.new, { cwd, mcpServers: [] });
  return sessionId;
}

/** Nobody is there to be asked, and the container is the border. */
function allowed(options: readonly PermissionOption[]) {
  const option =
    options.find(({ kind }) => kind === 'allow_once') ?? options.find(({ kind }) => kind === 'allow_always');
  return option
    ? ({ outcome: 'selected', optionId: option.optionId } as const)
    : ({ outcome: 'cancelled' } as const);
}

function endOf(reason: StopReason, text: string, name: string): ProgramEnd {
  switch (reason) {
    case 'end_turn':
      return { outcome: 'answered', text };
    case 'max_tokens':
    case 'max_turn_requests':
      return { outcome: 'limited', text: text || `${name} came to a limit of its own (${reason}).` };
    case 'refusal':
    case 'cancelled':
      return { outcome: 'failed', text: text || `${name} ended its work (${reason}).` };
  }
}

async function reasonOf(
  thrown: unknown,
  running: Running | undefined,
  over: AbortSignal,
  signal: AbortSignal,
  { name, command }: AcpOptions,
): Promise<string> {
  if (over.aborted && !signal.aborted) return `${name} took longer than it may.`;
  const end = running?.connection.signal.aborted ? await endSoon(running.child) : undefined;
  if (end?.kind === 'missing') {
    return `There is no program "${command}" in the image of the container. Build one that has it, and name it in sandbox.image.`;
  }
  return end ? `${name} ${endText(end.kind, end.code, end.stderr)}` : coerceError(thrown).message;
}

/** Whoever does not speak any more is about to end, or is ended. */
async function endSoon(child: Child): Promise<ChildEnd> {
  const timer = setTimeout(child.stop, 1_000);
  const end = await child.ended;
  clearTimeout(timer);
  return end;
}

const endText = (kind: string, code: number | null, stderr: string): string =>
  `${kind === 'exited' ? `ended with ${code}` : 'was killed'}${stderr === '' ? '.' : `: ${stderr}`}`;
