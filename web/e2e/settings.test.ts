import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { launchBrowser, NO_BROWSER } from '../../src/gateway/testing/chromium.ts';
import { runWhole, type WholeAssistant } from '../../src/gateway/testing/whole-assistant.ts';
import { barriers, PHONE } from './page.ts';
import { askWhole, openWholePage } from './whole-page.ts';

describe.skipIf(NO_BROWSER !== undefined)('the settings page', () => {
  let browser: Browser;
  let whole: WholeAssistant;
  beforeAll(async () => {
    [browser, whole] = await Promise.all([launchBrowser(), runWhole()]);
  });
  afterAll(async () => {
    await browser.close();
    await whole[Symbol.asyncDispose]();
  });

  const open = (path: string) => openWholePage(browser, whole, path);
  const saved = async (key: string): Promise<unknown> =>
    Object((await askWhole(whole, `/api/settings/${key}`)).json).setting?.value;

  test('shows what would change before it is saved, and takes it back', async () => {
    const { page, complaints } = await open('/settings/budgets');
    await page.getByLabel('budget.day_usd').fill('2.50');
    await page.getByLabel('budget.turn_usd').fill('much');
    await page.getByText('This must be a number.').waitFor();
    await page.getByText('1 change is not saved').waitFor();
    await page.getByRole('button', { name: 'Review and save' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText('budget.day_usd').waitFor();
    expect(await dialog.locator('del').allTextContents()).toEqual(['0']);
    expect(await dialog.locator('ins').allTextContents()).toEqual(['2.5']);
    expect(await saved('budget.day_usd')).toBe(0);
    expect(await barriers(page)).toEqual([]);
    await dialog.getByRole('button', { name: 'Save' }).click();
    await page.getByText('set in the file').waitFor();
    expect(await saved('budget.day_usd')).toBe(2.5);
    await page.getByRole('button', { name: 'Back to 0' }).click();
    await page.getByText('set in the file').waitFor({ state: 'detached' });
    expect(await saved('budget.day_usd')).toBe(0);
    expect(complaints).toEqual([]);
  });

  test('finds settings and sections by what they are about, and says what waits for a restart', async () => {
    const { page, complaints } = await open('/settings');
    await page.getByLabel('Search settings').fill('conversation leaves memory');
    await page.getByRole('heading', { name: 'agent.session_idle_minutes' }).waitFor();
    expect(await page.locator('[data-setting]').count()).toBe(1);
    await page.getByLabel('Search settings').fill('theme');
    await page
      .getByRole('link', { name: /^Appearance How this page looks/ })
      .first()
      .waitFor();
    await page.getByLabel('Search settings').fill('gateway max_clients');
    await page.getByLabel('gateway.max_clients').fill('50');
    await page.getByRole('button', { name: 'Review and save' }).click();
    await page.getByRole('dialog').getByText('counts from the next start on').waitFor();
    await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click();
    await page.locator('.settings-note', { hasText: 'gateway.max_clients' }).waitFor();
    expect(await barriers(page)).toEqual([]);
    expect(complaints).toEqual([]);
  });

  test('takes a key one way, and chooses a model', async () => {
    const { page, complaints } = await open('/settings/providers');
    const provider = page.getByRole('article', { name: 'Groq' });
    await provider.getByRole('button', { name: 'Enter key' }).click();
    await provider.getByLabel('API key of Groq').fill('a-very-secret-value');
    await provider.getByRole('button', { name: 'Save' }).click();
    await provider.getByRole('button', { name: 'Change key' }).waitFor();
    expect(await page.content()).not.toContain('a-very-secret-value');
    expect(await barriers(page)).toEqual([]);
    const card = page.locator('.card', { hasText: 'In use' });
    await card.getByLabel('Thinks before it answers').selectOption('high');
    await page.getByText('Counts from the next call on.').waitFor();
    expect(Object((await askWhole(whole, '/api/llm/status')).json).thinking).toBe('high');
    await page.goto(`${whole.url}/settings/secrets`);
    await page.getByRole('heading', { name: 'groq_api_key' }).waitFor();
    expect(await page.content()).not.toContain('a-very-secret-value');
    expect(complaints).toEqual([]);
  });

  test('tests the model in use, says why it fails, and takes another one', async () => {
    const { page, complaints } = await open('/settings/providers');
    const card = page.locator('.card', { hasText: 'In use' });
    await card.getByRole('button', { name: 'Test' }).click();
    await card.getByText('answered in').waitFor();
    whole.model.enqueue({ type: 'status', status: 401, body: { error: { message: 'No such key.' } } });
    await card.getByRole('button', { name: 'Test' }).click();
    await card.getByText('failed', { exact: true }).waitFor();
    const models = { data: [{ id: 'gpt-5.4-mini' }, { id: 'gpt-5.4-nano' }] };
    whole.model.enqueue({ type: 'status', status: 200, body: models });
    await page
      .getByRole('article', { name: 'OpenAI', exact: true })
      .getByRole('button', { name: 'Choose model' })
      .click();
    await page.getByLabel('Name').fill('nano');
    expect(await barriers(page)).toEqual([]);
    await page.getByRole('button', { name: 'openai/gpt-5.4-nano' }).click();
    await card.locator('li', { hasText: 'openai/gpt-5.4-nano' }).first().waitFor();
    expect((await whole.assistant.models.status()).main[0]?.reference).toBe('openai/gpt-5.4-nano');
    expect(complaints).toEqual([]);
  });

  test('adds a secret, says what is wrong with a name, and deletes after asking', async () => {
    const { page } = await open('/settings/secrets');
    await page.getByRole('button', { name: 'Add' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Name').fill('no name');
    await dialog.getByLabel('Value').fill('v-1234567890');
    await dialog.getByRole('button', { name: 'Save' }).click();
    await dialog.getByRole('alert').waitFor();
    await dialog.getByLabel('Name').fill('weather_key');
    await dialog.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('heading', { name: 'weather_key' }).waitFor();
    expect(await barriers(page)).toEqual([]);
    await page.getByRole('button', { name: 'Delete weather_key' }).click();
    await dialog.getByRole('button', { name: 'Delete' }).click();
    await page.getByRole('heading', { name: 'weather_key', exact: true }).waitFor({ state: 'detached' });
  });

  test('shows a token once, which works until it is revoked', async () => {
    const { page, complaints } = await open('/settings/tokens');
    await page.getByRole('button', { name: 'Create' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Name').fill('a script');
    await dialog.getByRole('button', { name: 'Create' }).click();
    await dialog.getByText('This is the only time').waitFor();
    const token = await dialog.locator('code').textContent();
    const status = async () =>
      (await fetch(`${whole.url}/api/session`, { headers: { authorization: `Bearer ${token}` } })).status;
    expect(await status()).toBe(204);
    expect(await barriers(page)).toEqual([]);
    await dialog.getByRole('button', { name: 'I have copied it' }).click();
    expect(await page.content()).not.toContain(token);
    await page.getByRole('button', { name: 'Revoke' }).click();
    await dialog.getByRole('button', { name: 'Revoke' }).click();
    await page.getByText('No tokens yet').waitFor();
    expect(await status()).toBe(401);
    expect(complaints).toEqual([]);
  });

  test('forbids a tool, allows another beforehand, and takes that back', async () => {
    const { page, complaints } = await open('/settings/permissions');
    const row = (tool: string) =>
      page.locator('.settings-row', { has: page.getByRole('heading', { name: tool }) });
    await page.getByLabel('What grep may do').selectOption('disabled');
    await expect
      .poll(
        async () => (await whole.assistant.tools.permissions()).find(({ tool }) => tool === 'grep')?.state,
      )
      .toBe('disabled');
    await page.getByLabel('Find a tool').fill('write_file');
    await row('write_file').getByRole('button', { name: 'Allow beforehand…' }).click();
    await page.getByLabel('Only for').fill('notes');
    await page.getByRole('button', { name: 'Allow', exact: true }).click();
    await row('write_file').getByText('Granted:').waitFor();
    expect(await whole.assistant.grants()).toMatchObject([{ tool: 'write_file', influenced: false }]);
    expect(await barriers(page)).toEqual([]);
    await row('write_file').getByRole('button', { name: 'Revoke' }).click();
    await page.getByText('Granted:').waitFor({ state: 'detached' });
    expect(await whole.assistant.grants()).toEqual([]);
    expect(complaints).toEqual([]);
  });

  test('keeps the profile, and says what is wrong with a time zone', async () => {
    const { page } = await open('/settings/profile');
    await page.getByLabel('Your name').fill('Ada');
    await page.getByLabel('Time zone').fill('Middle Earth');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('alert').waitFor();
    await page.getByLabel('Time zone').fill('Europe/Berlin');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('Saved.').waitFor();
    expect((await askWhole(whole, '/api/profile')).json).toMatchObject({
      name: 'Ada',
      timezone: 'Europe/Berlin',
    });
    expect(await barriers(page)).toEqual([]);
  });

  test('changes theme and size of text at once, and keeps them', async () => {
    const { page, complaints } = await open('/settings/appearance');
    const shade = () => page.evaluate('getComputedStyle(document.body).backgroundColor');
    await page.getByText('Light', { exact: true }).click();
    const light = await shade();
    await page.getByText('Dark', { exact: true }).click();
    expect(await shade()).not.toBe(light);
    await page.getByLabel('Size of text').selectOption('large');
    expect(await barriers(page)).toEqual([]);
    await page.reload();
    await page.getByRole('heading', { name: 'Appearance' }).waitFor();
    expect(await page.evaluate('({ ...document.documentElement.dataset })')).toMatchObject({
      theme: 'dark',
      size: 'large',
    });
    expect(complaints).toEqual([]);
  });

  test('on a phone lists the sections, and has a way back to them', async () => {
    const { page, complaints } = await openWholePage(browser, whole, '/settings', PHONE);
    await page.getByRole('link', { name: /^Advanced/ }).click();
    await page.getByRole('heading', { name: 'gateway.port' }).waitFor();
    expect(await page.evaluate('document.documentElement.scrollWidth - innerWidth')).toBe(0);
    expect(await barriers(page)).toEqual([]);
    await page.getByRole('link', { name: 'All settings' }).click();
    await page.getByRole('link', { name: /^Budgets/ }).waitFor();
    expect(await barriers(page)).toEqual([]);
    expect(complaints).toEqual([]);
  });
});
