// Programs know proxies as an address and a port; the only way out of the container is a socket. Whoever speaks to
// this port speaks to that socket.
import { writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';

const server = createServer((near) => {
  const far = connect('/run/ironbark/egress.sock');
  near.on('error', () => far.destroy());
  far.on('error', () => near.destroy());
  near.pipe(far).pipe(near);
});
// Commands wait for this sign, for two seconds at most.
const sign = () => writeFileSync('/tmp/.forwarding', '');
server.on('error', sign);
server.listen(3128, '127.0.0.1', sign);
