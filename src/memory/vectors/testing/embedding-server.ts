import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { hashedVector } from './hashed-vector.ts';

/** Speaks OpenAI's and Ollama's protocols for vectors, and misbehaves on demand. */
export interface EmbeddingServer extends AsyncDisposable {
  /** Without a slash at its end. */
  readonly url: string;
  behaviour: Behaviour;
  dimensions: number;
  /** Every text that was asked about, in order. */
  readonly texts: string[];
  /** `POST /v1/embeddings` and the like, with the key. */
  readonly requests: { readonly path: string; readonly key: string | undefined; readonly model: string }[];
  /** Resolves when the next request has come. */
  nextRequest(): Promise<void>;
}

export type Behaviour =
  | 'well'
  /** Answers 503. */
  | 'down'
  /** Answers with a page. */
  | 'page'
  /** Answers with JSON that holds no vectors. */
  | 'garbage'
  /** Answers with one vector too few. */
  | 'short'
  /** Never answers. */
  | 'silent'
  /** Breaks the connection. */
  | 'breaks'
  /** Refuses a request with a text that says so. */
  | 'squeamish';

export async function startEmbeddingServer(): Promise<EmbeddingServer> {
  const waiting: (() => void)[] = [];
  const server = createServer((request, response) => void answer(request, response));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const self: EmbeddingServer = {
    url: `http://127.0.0.1:${address instanceof Object ? address.port : 0}`,
    behaviour: 'well',
    dimensions: 64,
    texts: [],
    requests: [],
    nextRequest: () => new Promise((resolve) => void waiting.push(resolve)),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { model, input } = await readBody(request);
    self.requests.push({ path: request.url ?? '', key: request.headers.authorization, model });
    self.texts.push(...input);
    for (const resolve of waiting.splice(0)) resolve();
    const { behaviour } = self;
    if (behaviour === 'silent') return;
    if (behaviour === 'breaks') return void response.destroy();
    if (behaviour === 'down') return void response.writeHead(503).end('overloaded');
    if (behaviour === 'page') return void response.writeHead(200).end('<html>welcome</html>');
    if (behaviour === 'garbage') return void response.writeHead(200).end('{"data": [{"embedding": "AAAA"}]}');
    if (behaviour === 'squeamish' && input.some((text) => text.includes('squeamish')))
      return void response.writeHead(400).end('{"error": {"message": "I will not read this"}}');
    const vectors = input.map((text) => hashedVector(text, self.dimensions));
    const told = behaviour === 'short' ? vectors.slice(1) : vectors;
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(JSON.stringify(request.url === '/api/embed' ? { embeddings: told } : asOpenAi(told)));
  }

  return self;
}

/** In reverse: the order is in the index, as the protocol says. */
const asOpenAi = (vectors: readonly (readonly number[])[]): object => ({
  data: vectors.map((embedding, index) => ({ index, embedding })).reverse(),
});

async function readBody(request: IncomingMessage): Promise<{ model: string; input: string[] }> {
  let text = '';
  for await (const chunk of request) text += chunk;
  return JSON.parse(text);
}
