import { coerceError, IronbarkError } from '../core/errors.ts';
import type { ApiClient } from '../gateway/index.ts';
import type { Client, ConnectionState } from '../repl/index.ts';
import type { Context, Running, Settings, Started, StartRequest } from './context.ts';
import { configRequest, readConfig } from './settings.ts';

/** An assistant that can be talked to, and how to be done with it. */
export interface Reached {
  readonly url: string;
  /** True where it was started here and ends with us. */
  readonly own: boolean;
  connect(onState?: (state: ConnectionState) => void): Promise<Client>;
  loginLink(): Promise<string>;
  /** Stops it if it is our own. */
  release(): Promise<void>;
  /** Resolves if it ends by itself; never for one that is not our own. */
  readonly failed: Promise<Error>;
}

/**
 * The assistant that runs on the home folder, else one started here.
 *
 * @param watch whether the event loop of one started here is watched
 */
export async function reachOrStart(
  settings: Settings,
  context: Context,
  watch?: StartRequest['watch'],
): Promise<Reached> {
  const running = await context.access.findRunning(settings.home);
  if (running) return attached(running, settings, context);
  try {
    return started(await start(settings, context, watch), settings, context);
  } catch (thrown) {
    // Somebody else may have started it in between.
    const other = await context.access.findRunning(settings.home);
    if (other) return attached(other, settings, context);
    throw thrown;
  }
}

/** Does something with the running assistant. Throws `unreachable` where none runs. */
export async function withRunning<T>(
  settings: Settings,
  { access }: Context,
  work: (client: Client, running: Running) => Promise<T>,
): Promise<T> {
  const running = await access.findRunning(settings.home);
  if (running === undefined) throw notRunning(settings.home);
  const client = await access.connect(settings.home, running.url);
  try {
    return await work(client, running);
  } finally {
    await client.close();
  }
}

/** Asks the HTTP API of the running assistant. Throws `unreachable` where none runs. */
export async function withApi<T>(
  { home }: Settings,
  { access }: Context,
  work: (api: ApiClient) => Promise<T>,
): Promise<T> {
  const running = await access.findRunning(home);
  if (running === undefined) throw notRunning(home);
  return work(await access.api(home, running.url));
}

export function notRunning(home: string): IronbarkError {
  return new IronbarkError(
    'unreachable',
    `No assistant is running on ${home}.`,
    'Start it with: ironbark, or without a terminal: ironbark serve',
  );
}

async function start(
  settings: Settings,
  { access, terminal, version }: Context,
  watch: StartRequest['watch'],
): Promise<Started> {
  const config = await readConfig(settings, terminal);
  return access.start({
    home: settings.home,
    config,
    configRequest: configRequest(settings, terminal),
    version,
    env: terminal.env,
    ...(watch && { watch }),
  });
}

function attached(running: Running, { home }: Settings, { access }: Context): Reached {
  return {
    url: running.url,
    own: false,
    connect: (onState) => access.connect(home, running.url, onState),
    loginLink: () => access.loginLink(home, running.url),
    release: async () => {},
    failed: new Promise(() => {}),
  };
}

function started(system: Started, { home }: Settings, { access }: Context): Reached {
  return {
    url: system.url,
    own: true,
    connect: (onState) => access.connect(home, system.url, onState),
    loginLink: async () => system.loginLink(),
    release: () => system.stop(),
    failed: failureOf(system),
  };
}

/** An end that nobody asked for. After `stop` there is none, and this never resolves. */
async function failureOf({ exited }: Started): Promise<Error> {
  const error = await exited.catch(coerceError);
  return error ?? new Promise(() => {});
}
