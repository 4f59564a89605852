import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, request } from 'node:http';
import { connect, type Socket } from 'node:net';

/** A way from a browser to a gateway that can be closed and opened again. */
export interface UnsteadyProxy extends AsyncDisposable {
  readonly url: string;
  /** Ends every connection; new ones are refused until it is opened. */
  close(): void;
  open(): void;
}

/** The gateway answers under its own name only: requests go on as if they had been meant for it. */
export async function unsteadyProxy(gatewayPort: number): Promise<UnsteadyProxy> {
  const sockets = new Set<Socket>();
  let isOpen = true;
  const own = `127.0.0.1:${gatewayPort}`;
  const renamed = ({ origin, ...headers }: IncomingHttpHeaders): IncomingHttpHeaders => ({
    ...headers,
    host: own,
    ...(origin !== undefined && { origin: `http://${own}` }),
  });

  const server = createServer((asked, answer) => {
    const options = { host: '127.0.0.1', port: gatewayPort, path: asked.url, method: asked.method };
    const further = request({ ...options, headers: renamed(asked.headers) }, (reply) => {
      answer.writeHead(reply.statusCode ?? 502, reply.headers);
      reply.pipe(answer);
    });
    further.on('error', () => answer.destroy());
    answer.on('close', () => further.destroy());
    asked.pipe(further);
  });
  server.on('connection', (socket: Socket) => {
    if (!isOpen) return void socket.destroy();
    sockets.add(socket);
    socket.on('error', () => {}).on('close', () => sockets.delete(socket));
  });
  server.on('upgrade', ({ url, headers }, near: Socket) => {
    const far = connect(gatewayPort, '127.0.0.1');
    const lines = Object.entries(renamed(headers)).map(([name, value]) => `${name}: ${value}`);
    far.write(`GET ${url} HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n`);
    far.pipe(near).pipe(far);
    far.on('error', () => near.destroy());
    near.on('close', () => far.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const close = () => {
    isOpen = false;
    for (const socket of sockets) socket.destroy();
  };

  return {
    url: `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`,
    close,
    open() {
      isOpen = true;
    },
    async [Symbol.asyncDispose]() {
      close();
      server.close();
      await once(server, 'close');
    },
  };
}
