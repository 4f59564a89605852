import Fastify, { type FastifyInstance } from 'fastify';
import type { Assistant } from '../core/assistant.ts';
import type { Clock } from '../core/clock.ts';
import type { EmbeddingsDesk } from '../core/embeddings.ts';
import { coerceError, IronbarkError } from '../core/errors.ts';
import type { ExtensionsDesk } from '../core/extensions.ts';
import type { Ids } from '../core/ids.ts';
import type { Inspector } from '../core/inspect.ts';
import type { LogDesk } from '../core/logs.ts';
import type { SettingsDesk } from '../core/settings.ts';
import type { FileScope } from '../tools/index.ts';
import { createAdmission } from './admission.ts';
import { type ApiTokenStore, createApiTokens } from './api-tokens.ts';
import { createAttemptLimit } from './attempt-limit.ts';
import { createCredentials, type SessionStore } from './credentials.ts';
import { createEventStreams } from './event-streams.ts';
import { createLazyApi } from './lazy-api.ts';
import { DEFAULT_LIMITS, type GatewayLimits } from './limits.ts';
import type { GatewayLog } from './log.ts';
import { baseUrl, isLoopback } from './own-address.ts';
import { listPageFiles, type PageFile } from './page-files.ts';
import { createRateLimit } from './rate-limit.ts';
import { addRoutes } from './routes.ts';
import { type ClientLoad, type Clients, serveClients } from './upgrades.ts';

/** The assistant's door: the page, the WebSocket and a few addresses for programs, on one port. */
export interface Gateway {
  /**
   * Listens. Resolves with the URL to visit and the port, which is the one asked for unless that was 0.
   * Rejects with an `address-in-use` IronbarkError where the port is taken.
   */
  start(): Promise<{ readonly url: string; readonly port: number }>;
  /** A link that logs one browser in, once, within ten minutes. Only after `start`. */
  loginLink(): string;
  /** How many clients there are, and how many bytes wait in memory until they read them. */
  load(): ClientLoad;
  /** Closes every client with 1001 after it got what was on its way, then stops listening. */
  stop(): Promise<void>;
}

export interface GatewayOptions {
  readonly assistant: Assistant;
  readonly host: string;
  /** 0: any free port. */
  readonly port: number;
  /** Secret of at least 16 characters that programs show as `Authorization: Bearer`. */
  readonly token: string;
  readonly version: string;
  /** Folder of the page's files. */
  readonly publicDir: string;
  readonly clock: Clock;
  readonly ids: Ids;
  /** Whether clients may crash actors. */
  readonly allowFaults: boolean;
  readonly log: GatewayLog;
  /** Needed to bind an address that other machines can reach. There is no encryption of its own here. */
  readonly allowRemote?: boolean;
  readonly limits?: Partial<GatewayLimits>;
  /** Without it logins end with the process. */
  readonly sessions?: SessionStore;
  /** Without it tokens of programs end with the process. */
  readonly apiTokenStore?: ApiTokenStore;
  /** Where attachments are stored; without it none are taken. */
  readonly files?: FileScope;
  readonly settings?: SettingsDesk;
  readonly extensions?: ExtensionsDesk;
  readonly logs?: LogDesk;
  /** Without it nobody looks inside. */
  readonly inspector?: Inspector;
  /** Absent where the assistant was started without. */
  readonly embeddings?: EmbeddingsDesk;
  /** A secret that callers of a webhook prove to know, by its name, as it is now; undefined where there is none. */
  readonly webhookSecret?: (name: string) => Promise<string | undefined>;
  /** Every answer of the API must be as its schema says. Given by tests. */
  readonly checkAnswers?: boolean;
  /** Calls `work` again and again; returns what ends it. Given by tests. */
  readonly every?: (ms: number, work: () => void) => () => void;
}

/** Throws an IronbarkError where the options would leave the door open. */
export function createGateway(options: GatewayOptions): Gateway {
  refuseOpenDoor(options);
  const { assistant, host, clock, log, every = repeat } = options;
  const limits = { ...DEFAULT_LIMITS, ...options.limits };
  let port = options.port;
  const bound = () => ({ host, port });
  const { sessions } = options;
  const credentials = createCredentials(options.token, clock, (kept) => {
    sessions
      ?.save(kept)
      .catch((error: unknown) => log.error({ err: error }, 'a login will not outlive the process'));
  });
  const apiTokens = createApiTokens({ store: options.apiTokenStore, clock, ids: options.ids, log });
  const attempts = createAttemptLimit(clock);
  const admission = createAdmission({ credentials, apiTokens, attempts, bound });
  const app = createServer(limits);
  const rates = createRateLimit(clock);
  const clients: Clients = serveClients({ ...options, limits, rates, server: app.server, admission });
  let stopHeart = () => {};
  let stopping = false;

  const shared = () => ({
    isStopping: () => stopping,
    rates,
    limits,
    admission,
    loginLink,
    streams,
    load: clients.load,
    apiTokens,
    closeApiToken,
  });
  const closeApiToken = (tokenId: string): void => {
    clients.closeApiToken(tokenId);
    streams.closeApiToken(tokenId);
  };
  const loginLink = () => `${baseUrl(bound())}/login?code=${credentials.issueCode()}`;
  const streams = createEventStreams(limits, clock);
  const api = createLazyApi(() => ({ checkAnswers: false, ...options, ...shared() }), log);
  addRoutes(app, {
    admission,
    pages: readPages(options),
    ready: () => assistant.status().ready,
    logOut(sessionId) {
      credentials.endSession(sessionId);
      clients.closeSession(sessionId);
      streams.closeSession(sessionId);
    },
    api,
    log,
  });

  return {
    loginLink,
    load: clients.load,
    async start() {
      if (sessions) credentials.restore(await sessions.load());
      await apiTokens.load();
      port = await listen(app, options);
      stopHeart = every(limits.heartbeatMs, () => {
        clients.beat();
        streams.beat();
      });
      const url = baseUrl(bound());
      log.info({ url }, 'the gateway listens');
      return { url, port };
    },
    async stop() {
      stopping = true;
      stopHeart();
      streams.stop();
      await clients.stop();
      await app.close();
      await api.close();
    },
  };
}

const MIN_TOKEN_LENGTH = 16;

function refuseOpenDoor({ host, token, allowRemote = false }: GatewayOptions): void {
  if (token.length < MIN_TOKEN_LENGTH) {
    const hint = 'Delete the file `gateway-token` in the home folder; a new one is made at the next start.';
    throw new IronbarkError(
      'config',
      `The gateway token is shorter than ${MIN_TOKEN_LENGTH} characters.`,
      hint,
    );
  }
  if (isLoopback(host) || allowRemote) return;
  throw new IronbarkError(
    'config',
    `Binding ${host} would let other machines reach this assistant without encryption.`,
    'Keep 127.0.0.1 and use an SSH tunnel or a TLS proxy, or allow remote access explicitly.',
  );
}

function createServer(limits: GatewayLimits): FastifyInstance {
  const app = Fastify({
    // Request URLs hold login codes, so that nothing is logged that was not chosen.
    logger: false,
    bodyLimit: 16 * 1024,
    connectionTimeout: 3 * limits.requestTimeoutMs,
    requestTimeout: limits.requestTimeoutMs,
    keepAliveTimeout: 5_000,
    forceCloseConnections: true,
    exposeHeadRoutes: false,
    http: {
      maxHeaderSize: 16 * 1024,
      headersTimeout: limits.requestTimeoutMs,
      connectionsCheckingInterval: Math.ceil(limits.requestTimeoutMs / 2),
    },
  });
  // Room for every client and for page loads; beyond, connections are dropped rather than served slowly.
  app.server.maxConnections = 2 * limits.clients + limits.streams + 64;
  return app;
}

async function listen(app: FastifyInstance, { host, port }: GatewayOptions): Promise<number> {
  try {
    // For `localhost` Fastify would open a second server, whose WebSocket upgrades nobody hears.
    await app.listen({ host: host === 'localhost' ? '127.0.0.1' : host, port });
  } catch (error) {
    throw explainListenError(coerceError(error), host, port);
  }
  const address = app.server.address();
  return typeof address === 'object' && address !== null ? address.port : port;
}

function explainListenError(error: NodeJS.ErrnoException, host: string, port: number): Error {
  const options = { cause: error };
  switch (error.code) {
    case 'EADDRINUSE': {
      const hint = 'Start with --port 0 to use any free port, or stop the program that uses it.';
      return new IronbarkError('address-in-use', `Port ${port} on ${host} is taken.`, hint, options);
    }
    case 'EACCES': {
      const hint = 'Ports below 1024 need special rights. Use a higher one, for example --port 4747.';
      return new IronbarkError('address-in-use', `Port ${port} may not be used.`, hint, options);
    }
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND': {
      const hint = 'Use 127.0.0.1, or an address of this machine.';
      return new IronbarkError('address-in-use', `${host} is no address of this machine.`, hint, options);
    }
    default:
      return error;
  }
}

/** Without its page the gateway still serves every program. */
function readPages({ publicDir, log }: GatewayOptions): ReadonlyMap<string, PageFile> {
  try {
    return listPageFiles(publicDir);
  } catch (error) {
    log.error({ err: error, publicDir }, 'the page is missing; `npm run build:web` makes it');
    return new Map();
  }
}

function repeat(ms: number, work: () => void): () => void {
  const timer = setInterval(work, ms).unref();
  return () => clearInterval(timer);
}
