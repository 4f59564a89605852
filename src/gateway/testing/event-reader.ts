import { request } from 'node:http';
import { TOKEN } from './running-gateway.ts';

export interface ReadEvent {
  readonly event: string | undefined;
  readonly id: string | undefined;
  readonly data: unknown;
}

/** Reads server-sent events as they come. */
export interface EventReader {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** The next event that was not taken yet. Rejects where the stream ends first. */
  next(): Promise<ReadEvent>;
  /** Events up to and including the first of this kind. */
  upTo(event: string): Promise<readonly ReadEvent[]>;
  /** The id of the last event that had one. */
  readonly lastId: string | undefined;
  /** Comments that came. */
  readonly comments: readonly string[];
  /** Stops taking bytes from the connection, and takes them again. */
  pause(): void;
  resume(): void;
  close(): void;
  readonly ended: Promise<void>;
}

export function readEvents(
  { port }: { readonly port: number },
  path: string,
  headers: Readonly<Record<string, string>> = { authorization: `Bearer ${TOKEN}` },
): Promise<EventReader> {
  return new Promise((resolve, reject) => {
    const sent = request({ host: '127.0.0.1', port, path, headers, agent: false }, (response) => {
      const events: ReadEvent[] = [];
      const comments: string[] = [];
      let waiting: PromiseWithResolvers<void> = Promise.withResolvers();
      const ended = new Promise<void>((done) => response.once('close', done));
      let lastId: string | undefined;
      let rest = '';
      const wake = () => {
        waiting.resolve();
        waiting = Promise.withResolvers();
      };
      response.setEncoding('utf8').on('data', (text: string) => {
        const blocks = `${rest}${text}`.split('\n\n');
        rest = blocks.pop() ?? '';
        for (const block of blocks) {
          if (block.startsWith(':')) comments.push(block);
          else events.push(parse(block));
        }
        wake();
      });
      response.on('error', () => {});
      let isOver = false;
      void ended.then(() => {
        isOver = true;
        wake();
      });
      const next = async (): Promise<ReadEvent> => {
        const event = events.shift();
        if (event !== undefined) {
          lastId = event.id ?? lastId;
          return event;
        }
        if (isOver) throw new Error('the stream has ended');
        await waiting.promise;
        return next();
      };
      resolve({
        status: response.statusCode ?? 0,
        headers: response.headers,
        next,
        async upTo(kind) {
          const taken: ReadEvent[] = [];
          while (taken.at(-1)?.event !== kind) taken.push(await next());
          return taken;
        },
        get lastId() {
          return lastId;
        },
        comments,
        pause: () => response.socket.pause(),
        resume: () => response.socket.resume(),
        close: () => sent.destroy(),
        ended,
      });
    });
    sent.on('error', reject);
    sent.end();
  });
}

function parse(block: string): ReadEvent {
  const fields = new Map(
    block.split('\n').map((line) => [line.split(': ', 1)[0] ?? '', line.replace(/^\w+: /, '')]),
  );
  return { event: fields.get('event'), id: fields.get('id'), data: JSON.parse(fields.get('data') ?? 'null') };
}
