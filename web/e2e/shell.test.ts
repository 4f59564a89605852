import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { launchBrowser, NO_BROWSER } from '../../src/gateway/testing/chromium.ts';
import { type RunningGateway, runGateway } from '../../src/gateway/testing/running-gateway.ts';
import { barriers, openPage, PHONE, say } from './page.ts';

/** As it is before a model was set up: fixed rules answer. */
async function runUnconfigured(): Promise<RunningGateway> {
  const running = await runGateway();
  const status = running.assistant.status.bind(running.assistant);
  Object.assign(running.assistant, { status: () => ({ ...status(), model: 'offline' }) });
  const { models } = running.assistant;
  const providers = await models.providers();
  const remote = { keyRequired: true, local: false };
  models.providers = async () => providers.map((provider) => ({ ...provider, ...remote }));
  return running;
}

describe.skipIf(NO_BROWSER !== undefined)('the shell', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchBrowser();
  });
  afterAll(() => browser.close());

  test.each([
    ['wide', {}],
    ['on a phone', PHONE],
  ] as const)('begins with a model: whose, the key, a test, done, %s', async (_, options) => {
    await using running = await runUnconfigured();
    const { page, complaints } = await openPage(browser, running, '/', options);
    await page.getByRole('button', { name: /^Memory/ }).click();
    await page.getByLabel('API key').fill('sk-secret');
    expect(await barriers(page)).toEqual([]);
    await page.keyboard.press('Enter');
    await page.getByText('It answers.').waitFor();
    await page.getByLabel('Model', { exact: true }).selectOption('memory/large');
    await page.getByRole('button', { name: 'Begin' }).click();
    await page.getByText('memory/large').first().waitFor();
    await say(page, 'hello');
    await page.getByText('You said: hello').waitFor();
    expect((await running.assistant.models.status()).main[0]?.reference).toBe('memory/large');
    expect([...running.assistant.secrets.stored.keys()]).toEqual(['MEMORY_API_KEY']);
    expect(await page.content()).not.toContain('sk-secret');
    expect(complaints).toEqual([]);
  });

  test('what fails in it says why, and it can be put off', async () => {
    await using running = await runUnconfigured();
    running.assistant.models.test = async () => ({
      reference: 'memory/small',
      ms: null,
      model: null,
      failure: { kind: 'unauthorized', message: 'The key is not accepted.' },
    });
    const { page } = await openPage(browser, running);
    await page.getByRole('button', { name: /^Memory/ }).click();
    await page.getByLabel('API key').fill('sk-wrong');
    await page.getByRole('button', { name: 'Test' }).click();
    await page.getByRole('alert').getByText('The key is not accepted.').waitFor();
    await page.getByRole('button', { name: 'Back' }).click();
    await page.getByRole('button', { name: 'Look around first' }).click();
    await page.getByText('What shall we do?').waitFor();
    await page.getByRole('button', { name: 'Set up a model' }).click();
    await page.getByText('Welcome to Ironbark').waitFor();
  });

  test('is installed: opens while the server is away, and keeps nothing that the API answered', async () => {
    const running = await runGateway();
    const { page } = await openPage(browser, running);
    await page.evaluate('navigator.serviceWorker.ready.then(() => undefined)');
    await running.gateway.stop();
    await page.goto(`${running.url}/`);
    await page.getByText('Reconnecting in').waitFor();
    const kept = await page.evaluate(`caches.keys()
      .then((names) => Promise.all(names.map((name) => caches.open(name).then((cache) => cache.keys()))))
      .then((lists) => lists.flat().map(({ url }) => new URL(url).pathname))`);
    expect(Array.isArray(kept) && kept.includes('/')).toBe(true);
    expect(Array.isArray(kept) && kept.filter((path) => /^\/(api|ws|login)/.test(path))).toEqual([]);
    await running[Symbol.asyncDispose]();
  });

  test('speaks other languages, from right to left where they are written so', async () => {
    await using running = await runGateway();
    const { page, complaints } = await openPage(browser, running);
    await page.evaluate(`localStorage.setItem('language', '"ar"')`);
    await page.reload();
    await page.getByText('الذاكرة').first().waitFor();
    expect(await page.locator('html').getAttribute('dir')).toBe('rtl');
    expect(await barriers(page)).toEqual([]);
    await page.evaluate(`localStorage.setItem('language', '"de"')`);
    await page.reload();
    await page.getByText('Neue Unterhaltung').first().waitFor();
    expect(await page.locator('html').getAttribute('dir')).toBe('ltr');
    expect(complaints).toEqual([]);
  });

  test('remembers colours and text size, and shows a place that is not there as such', async () => {
    await using running = await runGateway();
    const { page, complaints } = await openPage(browser, running, '/nowhere');
    await page.getByText('There is no such page').waitFor();
    const ground = () => page.evaluate('getComputedStyle(document.body).backgroundColor');
    const before = await ground();
    await page.keyboard.press('Control+k');
    await page.getByRole('combobox').fill('dark');
    await page.keyboard.press('Enter');
    await expect.poll(ground).not.toBe(before);
    const dark = await ground();
    await page.reload();
    await page.getByText('There is no such page').waitFor();
    expect(await ground()).toBe(dark);
    expect(complaints).toEqual([]);
  });

  test('logs out', async () => {
    await using running = await runGateway();
    const { page } = await openPage(browser, running);
    await page.keyboard.press('Control+k');
    await page.getByRole('combobox').fill('log out');
    await page.keyboard.press('Enter');
    await page.getByText('You are not logged in').waitFor();
    expect((await page.request.get(`${running.url}/api/session`)).status()).toBe(401);
  });
});
