import { createServer, type ServerResponse } from 'node:http';
import type { Protocol } from '../catalogue/providers.ts';
import { protocolAt, WIRE_FORMATS } from './wire-formats.ts';

/** A local server that speaks every protocol and does wrong what a server can do wrong. */
export interface ChaosServer {
  /** Base address for clients, for example `http://127.0.0.1:41234/v1`. */
  readonly url: string;
  /** What is done with every call from now on. */
  misbehave(fault: Fault): void;
  /** Calls that came to where the redirect points. */
  redirected(): number;
  close(): Promise<void>;
}

export type Fault = keyof typeof FAULTS;

interface Scene {
  readonly protocol: Protocol;
  readonly response: ServerResponse;
}

type Act = (scene: Scene) => void;

const STREAM = { 'content-type': 'text/event-stream' };
const TEXT = 'One two three four five.';
/** A multiple of it is sent, so that the client's buffers fill more than once. */
const LONG_WORD = 'abcdefghi ';
const TEN_MEGABYTES = 10 * 1024 * 1024;

const textEvents = (protocol: Protocol): string[] => WIRE_FORMATS[protocol]({ text: TEXT }, 'chaos');

const callEvents = (protocol: Protocol, ids: readonly string[]): string[] =>
  WIRE_FORMATS[protocol](
    { text: 'Let me see.', toolCalls: ids.map((id) => ({ id, name: 'echo', arguments: { message: 'x' } })) },
    'chaos',
  );

const FAULTS = {
  'hang before headers': () => {},
  'hang after the first byte': ({ response }) => {
    response.writeHead(200, STREAM).write('d');
  },
  'hang in the middle': ({ protocol, response }) => {
    response.writeHead(200, STREAM).write(firstHalf(textEvents(protocol)));
  },
  drip: ({ protocol, response }) => drip(response.writeHead(200, STREAM), textEvents(protocol).join('')),
  'garbage bytes': ({ response }) => {
    response
      .writeHead(200, STREAM)
      .end(Buffer.from(Array.from({ length: 5000 }, (_, at) => (at * 37) % 256)));
  },
  'half a call': ({ protocol, response }) => {
    const events = callEvents(protocol, ['a']);
    const args = events.findIndex((event) => event.includes('mess'));
    response.writeHead(200, STREAM).end(events.slice(0, args + 1).join(''));
  },
  'calls of the same id': ({ protocol, response }) => {
    response.writeHead(200, STREAM).end(callEvents(protocol, ['a', 'a']).join(''));
  },
  '429 with seconds': refuse(429, { 'retry-after': '7' }),
  '429 with a date': refuse(429, { 'retry-after': 'Thu, 01 Jan 2026 12:00:30 GMT' }),
  '429 with nothing': refuse(429),
  '500': refuse(500),
  '503': refuse(503),
  'a page': ({ response }) => {
    response.writeHead(200, { 'content-type': 'text/html' }).end('<html><h1>Please log in</h1></html>');
  },
  'empty body': ({ response }) => {
    response.writeHead(200, STREAM).end();
  },
  redirect: refuse(307, { location: '/elsewhere' }),
  'reset before headers': ({ response }) => {
    response.socket?.resetAndDestroy();
  },
  'reset in the middle': ({ protocol, response }) => {
    const half = firstHalf(textEvents(protocol));
    response.writeHead(200, STREAM).write(half, () => response.socket?.resetAndDestroy());
  },
  'half an event': ({ protocol, response }) => {
    const half = firstHalf(textEvents(protocol));
    response.writeHead(200, STREAM).end(half.slice(0, half.length - 12));
  },
  'an error in the stream': ({ protocol, response }) => {
    response.writeHead(200, STREAM).end(firstHalf(textEvents(protocol)) + ERRORS[protocol]);
  },
  'empty answer': ({ protocol, response }) => {
    response.writeHead(200, STREAM).end(WIRE_FORMATS[protocol]({ text: '' }, 'chaos').join(''));
  },
  'ten megabytes': ({ protocol, response }) => {
    const text = LONG_WORD.trim()
      .repeat(100)
      .concat(' ')
      .repeat(TEN_MEGABYTES / 901);
    response.writeHead(200, STREAM).end(WIRE_FORMATS[protocol]({ text }, 'chaos').join(''));
  },
} as const satisfies Record<string, Act>;

export const FAULT_NAMES: readonly Fault[] = Object.keys(FAULTS).filter((name): name is Fault =>
  Object.hasOwn(FAULTS, name),
);

/** How each protocol says within a stream that something went wrong. */
const ERRORS: Readonly<Record<Protocol, string>> = {
  'openai-chat': 'data: {"error":{"message":"engine on fire","type":"server_error"}}\n\n',
  'openai-responses':
    'data: {"type":"error","sequence_number":9,"error":{"type":"server_error","code":"server_error","message":"engine on fire","param":null}}\n\n',
  'anthropic-messages':
    'event: error\ndata: {"type":"error","error":{"type":"overloaded_error","message":"engine on fire"}}\n\n',
  'google-generative': 'data: {"error":{"code":503,"message":"engine on fire","status":"UNAVAILABLE"}}\n\n',
};

function refuse(status: number, headers: Readonly<Record<string, string>> = {}): Act {
  return ({ response }) => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers });
    response.end('{"error":{"type":"e","message":"not now"}}');
  };
}

function firstHalf(events: readonly string[]): string {
  return events.slice(0, Math.ceil(events.length / 2)).join('');
}

/** One byte at a time, each in a packet of its own as far as the system lets it. */
function drip(response: ServerResponse, text: string): void {
  response.socket?.setNoDelay(true);
  const bytes = Buffer.from(text);
  let at = 0;
  const next = (): void => {
    if (response.destroyed) return;
    if (at === bytes.length) response.end();
    else response.write(bytes.subarray(at, ++at), () => setImmediate(next));
  };
  next();
}

export async function startChaosServer(): Promise<ChaosServer> {
  let act: Act = FAULTS['500'];
  let redirected = 0;
  const server = createServer((request, response) => {
    const protocol = protocolAt(request.url ?? '');
    if (protocol === undefined) redirected++;
    request.resume().once('end', () => (protocol ? act({ protocol, response }) : response.end()));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    url: `http://127.0.0.1:${port}/v1`,
    misbehave: (fault) => {
      act = FAULTS[fault];
    },
    redirected: () => redirected,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
