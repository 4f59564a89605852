import { expect, test } from 'vitest';
import { type Resolver, resolvePublic, systemResolver } from './index.ts';

const never = new AbortController().signal;
const answering =
  (...addresses: readonly string[]): Resolver =>
  async () =>
    addresses;

test('public addresses are pinned once each, canonical, in the order of the answer', async () => {
  const resolver = answering('2606:4700:0:0::1', '1.1.1.1', '2606:4700::1', '8.8.8.8');
  expect(await resolvePublic('a.example', resolver, never)).toEqual({
    ok: true,
    value: ['2606:4700::1', '1.1.1.1', '8.8.8.8'],
  });
});

test.each(['127.0.0.1', '::ffff:1.1.1.1', 'fe80::1%eth0', 'nonsense', '169.254.169.254'])(
  'one answer %s among public ones refuses the host',
  async (bad) => {
    for (const answer of [
      [bad, '1.1.1.1'],
      ['1.1.1.1', bad],
      [...Array(20).fill('1.1.1.1'), bad],
    ]) {
      expect(await resolvePublic('a.example', answering(...answer), never)).toMatchObject({ ok: false });
    }
  },
);

test('the refusal names the host and what its address is', async () => {
  expect(await resolvePublic('a.example', answering('10.0.0.1'), never)).toEqual({
    ok: false,
    error: { rule: 'private', message: 'a.example: The address 10.0.0.1 is not public (private).' },
  });
});

test('no more than eight addresses are pinned', async () => {
  const many = Array.from({ length: 100 }, (_, at) => `8.8.8.${at}`);
  const result = await resolvePublic('a.example', answering(...many), never);
  expect(result).toEqual({ ok: true, value: many.slice(0, 8) });
});

test('a host that is an address is checked without asking anybody', async () => {
  const resolver: Resolver = async () => Promise.reject(new Error('was asked'));
  expect(await resolvePublic('1.1.1.1', resolver, never)).toEqual({ ok: true, value: ['1.1.1.1'] });
  expect(await resolvePublic('2606:4700::1', resolver, never)).toMatchObject({ ok: true });
  expect(await resolvePublic('127.0.0.1', resolver, never)).toMatchObject({ error: { rule: 'loopback' } });
  expect(await resolvePublic('::1', resolver, never)).toMatchObject({ error: { rule: 'loopback' } });
});

test.each([
  ['ENOTFOUND', 'name-not-found'],
  ['ENODATA', 'name-not-found'],
  ['EAI_AGAIN', 'resolution-failed'],
  ['ETIMEOUT', 'resolution-failed'],
])('a resolver that says %s means %s', async (code, rule) => {
  const resolver: Resolver = () => Promise.reject(Object.assign(new Error('no'), { code }));
  expect(await resolvePublic('a.example', resolver, never)).toMatchObject({ ok: false, error: { rule } });
});

test('an empty answer is a name without address', async () => {
  expect(await resolvePublic('a.example', answering(), never)).toMatchObject({
    error: { rule: 'name-not-found' },
  });
});

test('whoever gives up need not wait for the resolver', async () => {
  const controller = new AbortController();
  const waiting = resolvePublic('a.example', () => new Promise(() => {}), controller.signal);
  controller.abort();
  expect(await waiting).toMatchObject({ ok: false, error: { rule: 'cancelled' } });
  const late = await resolvePublic('a.example', answering('1.1.1.1'), controller.signal);
  expect(late).toMatchObject({ ok: false, error: { rule: 'cancelled' } });
});

test('the answer of the operating system is refused where it is local', async () => {
  expect(await resolvePublic('localhost', systemResolver, never)).toMatchObject({
    error: { rule: 'loopback' },
  });
});
