import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';

/** A network path to a gateway that can be cut, at any byte. */
export interface UnsteadyNetwork extends AsyncDisposable {
  readonly url: string;
  /** Ends every connection at once. */
  cut(): void;
  /** Ends the newest connection after this many more bytes from the gateway. */
  cutAfter(bytes: number): void;
}

export async function unsteadyNetwork(gatewayPort: number): Promise<UnsteadyNetwork> {
  const open = new Set<Socket>();
  let remaining = Number.POSITIVE_INFINITY;

  const server = createServer((near) => {
    const far = connect(gatewayPort, '127.0.0.1');
    const end = () => {
      near.destroy();
      far.destroy();
      open.delete(near);
    };
    open.add(near);
    near.on('error', end).on('close', end);
    far.on('error', end).on('close', end);
    // The gateway answers under its own name only.
    near.once('data', (head) => {
      far.write(head.toString('latin1').replace(/^Host: .*$/m, `Host: 127.0.0.1:${gatewayPort}`), 'latin1');
      near.pipe(far);
    });
    far.on('data', (chunk: Buffer) => {
      near.write(chunk.subarray(0, remaining));
      remaining -= chunk.length;
      if (remaining > 0) return;
      remaining = Number.POSITIVE_INFINITY;
      end();
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const cut = () => {
    for (const socket of open) socket.destroy();
  };

  return {
    url: `http://127.0.0.1:${port}`,
    cut,
    cutAfter(bytes) {
      remaining = bytes;
    },
    async [Symbol.asyncDispose]() {
      cut();
      server.close();
      await once(server, 'close');
    },
  };
}
