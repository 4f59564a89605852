import fc from 'fast-check';
import { expect, test } from 'vitest';
import { checkAddress } from '../network/index.ts';
import { clientHello } from './testing/hello.ts';
import {
  ALLOWED,
  connectRequest,
  FORBIDDEN,
  OTHER_ALLOWED,
  openStage,
  PUBLIC_ADDRESS,
  plainRequest,
  VAULT_SECRET,
} from './testing/stage.ts';

const MAY_BE_ASKED = new Set([ALLOWED, OTHER_ALLOWED]);

const anyHost = fc.constantFrom(
  ...[ALLOWED, OTHER_ALLOWED, ALLOWED.toUpperCase(), `${ALLOWED}.`, `${ALLOWED}.${FORBIDDEN}`, FORBIDDEN],
  ...['wild.example', `x@${ALLOWED}`, `${ALLOWED}@${FORBIDDEN}`, `${ALLOWED}#${FORBIDDEN}`, 'localhost', ''],
  ...['127.0.0.1', '2130706433', '0x7f.1', '[::1]', '[::ffff:10.0.0.1]', '169.254.169.254', '1.1.1.1'],
  ...[`${ALLOWED}%00.${FORBIDDEN}`, `${ALLOWED}\t`, `${ALLOWED}\\@${FORBIDDEN}`, 'аllowed.example'],
);
/** Much that is good, so that what is bad comes alone as well. */
const mostly = <T>(good: T, any: fc.Arbitrary<T>): fc.Arbitrary<T> =>
  fc.oneof({ weight: 2, arbitrary: fc.constant(good) }, { weight: 1, arbitrary: any });
const host = mostly(ALLOWED, anyHost);
const anyPort = fc.constantFrom('', '', ':443', ':80', ':22', ':0443', ':', ':443@x');
const port = mostly(':443', anyPort);
const path = fc.constantFrom(
  '',
  '/',
  '/a/../b',
  '/%2e%2e/x',
  '//evil.example/',
  `/?q=${VAULT_SECRET}`,
  '/a b',
);
const scheme = fc.constantFrom(
  'http://',
  'http://',
  'http://',
  'https://',
  'HTTP://',
  'ftp://',
  'unix:',
  '//',
  '',
);
const hostHeader = fc.option(host, { nil: undefined });
const anyAddresses = fc.subarray([PUBLIC_ADDRESS, '127.0.0.1', '10.1.2.3', '::1', '::ffff:127.0.0.1'], {
  minLength: 1,
});

const addresses = mostly([PUBLIC_ADDRESS], anyAddresses);

const plain = fc
  .tuple(scheme, host, port, path, hostHeader)
  .map(([before, name, at, rest, header]) =>
    header === undefined
      ? plainRequest(`${before}${name}${at}${rest}`)
      : `GET ${before}${name}${at}${rest} HTTP/1.1\r\nHost: ${header}\r\nConnection: close\r\n\r\n`,
  );
const tunnel = fc
  .tuple(host, port, host)
  .map(([name, at, sni]) =>
    Buffer.concat([Buffer.from(connectRequest(`${name}${at}`)), clientHello({ names: [sni] })]),
  );
const junk = fc.string({ maxLength: 200 }).map((text) => `${text}\r\n\r\n`);

test('whatever is asked, nothing but an allowed host at a public address is, and each request is on record', async () => {
  let answers: readonly string[] = [PUBLIC_ADDRESS];
  const stage = await openStage({
    resolver: async () => answers,
    limits: { headMs: 100, idleMs: 100, rate: { perMinute: 100_000, perHour: 100_000 } },
  });
  let recorded = 0;
  await fc.assert(
    fc.asyncProperty(fc.oneof(plain, tunnel, junk), addresses, async (request, resolved) => {
      answers = resolved;
      await stage.talk(request);
      expect(stage.audit.length).toBeGreaterThan(recorded);
      recorded = stage.audit.length;
    }),
    { numRuns: 400 },
  );
  for (const line of stage.asked) expect(MAY_BE_ASKED).toContain(line.split(' ')[1]);
  for (const { url } of stage.sent) expect(MAY_BE_ASKED).toContain(new URL(url).hostname);
  for (const address of stage.dialled) expect(checkAddress(address).ok).toBe(true);
  expect(JSON.stringify([stage.sent, stage.audit])).not.toContain(VAULT_SECRET);
  // It let something through at all.
  expect(stage.sent.length).toBeGreaterThan(0);
  expect(stage.dialled.length).toBeGreaterThan(0);
  expect(stage.defects).toEqual([]);
}, 60_000);
