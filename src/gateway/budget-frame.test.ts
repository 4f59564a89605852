import { expect, test } from 'vitest';
import { NOTHING_SPENT } from '../budget/testing/nothing-spent.ts';
import { runGateway, TOKEN } from './testing/running-gateway.ts';

test('a client is told what models cost', async () => {
  await using gateway = await runGateway();
  const client = await gateway.connect();
  expect(await client.budget()).toEqual(NOTHING_SPENT);
});

test('and so is a program over plain HTTP, where it shows the token', async () => {
  await using gateway = await runGateway();
  const address = new URL('/api/budget', gateway.url.replace(/^ws/, 'http'));
  const told = await fetch(address, { headers: { authorization: `Bearer ${TOKEN}` } });
  expect(await told.json()).toEqual(NOTHING_SPENT);
  expect((await fetch(address)).status).toBe(401);
});
