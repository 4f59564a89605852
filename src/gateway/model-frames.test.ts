import { expect, test } from 'vitest';
import { runGateway, TOKEN } from './testing/running-gateway.ts';

test('models are shown, chosen, listed and tested', async () => {
  await using gateway = await runGateway();
  const { models } = await gateway.connect();
  expect(await models.status()).toMatchObject({ chosen: false, main: [{ reference: 'memory/small' }] });
  expect(await models.use('memory/large')).toMatchObject({
    chosen: true,
    main: [{ reference: 'memory/large' }],
  });
  expect(await models.use('default')).toMatchObject({ chosen: false });
  expect(await models.setThinking('high')).toMatchObject({ thinking: 'high' });
  expect(await models.setThinking('default')).toMatchObject({ thinking: null });
  expect(await models.list('memory')).toHaveLength(2);
  expect(await models.test()).toMatchObject({ reference: 'memory/small', failure: null });
});

test('how models do is told over HTTP as well, to whoever is logged in', async () => {
  await using gateway = await runGateway();
  const address = new URL('/api/models', gateway.url.replace(/^ws/, 'http'));
  expect((await fetch(address)).status).toBe(401);
  const answer = await fetch(address, { headers: { authorization: `Bearer ${TOKEN}` } });
  expect(await answer.json()).toMatchObject({ main: [{ reference: 'memory/small' }] });
});

test('a model that cannot be used is answered with why', async () => {
  await using gateway = await runGateway();
  const { models } = await gateway.connect();
  const refusal = {
    code: 'not-found',
    message: expect.stringContaining('There is no model "nobody/nothing"'),
  };
  await expect(models.use('nobody/nothing')).rejects.toMatchObject(refusal);
  await expect(models.test('nobody/nothing')).rejects.toMatchObject(refusal);
  for (const wrong of ['', 'a\nb', 'x'.repeat(301)])
    await expect(models.use(wrong)).rejects.toMatchObject({ code: 'bad-frame' });
});
