import { request } from 'node:http';
import { type RunningGateway, TOKEN } from './running-gateway.ts';

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
  /** The body, parsed; undefined where it is none or no JSON. */
  readonly json: unknown;
}

export interface Asked {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Bytes and texts go out as they are, everything else as JSON. */
  readonly body?: unknown;
}

/** Unlike `fetch`, sends any header, follows nothing and keeps no connection. */
export function ask({ port }: { readonly port: number }, path: string, asked: Asked = {}): Promise<Answer> {
  const { method = 'GET', headers = {}, body = '' } = asked;
  const isPlain = typeof body === 'string' || Buffer.isBuffer(body);
  const type: Record<string, string> = isPlain ? {} : { 'content-type': 'application/json' };
  return new Promise((resolve, reject) => {
    const options = { host: '127.0.0.1', port, path, method, headers: { ...type, ...headers }, agent: false };
    const sent = request(options, async (response) => {
      const chunks = await response.setEncoding('utf8').toArray();
      const text = chunks.join('');
      resolve({
        status: response.statusCode ?? 0,
        headers: response.headers,
        body: text,
        json: parse(text),
      });
    });
    sent.on('error', reject);
    sent.end(isPlain ? body : JSON.stringify(body));
  });
}

/** As the bearer of the token. */
export const askAsOwner = (running: RunningGateway, path: string, asked: Asked = {}): Promise<Answer> =>
  ask(running, path, { ...asked, headers: { authorization: `Bearer ${TOKEN}`, ...asked.headers } });

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
