import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { launchBrowser, NO_BROWSER } from '../../src/gateway/testing/chromium.ts';
import { runGateway } from '../../src/gateway/testing/running-gateway.ts';
import { barriers, openPage, PHONE } from './page.ts';

describe.skipIf(NO_BROWSER !== undefined)('the usage page', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchBrowser();
  });
  afterAll(() => browser.close());

  /** 0.50 and 2 dollars on two of seven days, 2.50 of 3 for today. */
  async function spent() {
    const running = await runGateway();
    const { assistant } = running;
    const tokens = { inputTokens: 1_000, outputTokens: 200 };
    const day = (day: string, calls: number, spentMicroUsd: number) => ({
      day,
      calls,
      ...tokens,
      spentMicroUsd,
    });
    assistant.spending = async () => ({
      timezone: 'Europe/Berlin',
      days: [day('2029-12-31', 3, 500_000), day('2030-01-01', 9, 2_000_000)],
      models: [{ model: 'openai/gpt-5.4-mini', calls: 12, ...tokens, spentMicroUsd: 2_500_000 }],
      conversations: [
        {
          conversationId: 'c1',
          title: 'The greenhouse',
          calls: 12,
          ...tokens,
          spentMicroUsd: 2_500_000,
          lastPaidAt: '2030-01-01T08:00:00.000Z',
        },
      ],
    });
    const before = await assistant.budget();
    const today = { ...before.today, spentMicroUsd: 2_500_000, limitMicroUsd: 3_000_000 };
    assistant.budget = async () => ({ ...before, today });
    return running;
  }

  test('says where nothing was spent yet', async () => {
    await using running = await runGateway();
    const { page, complaints } = await openPage(browser, running, '/usage');
    await page.getByText('No model was asked in this time').waitFor();
    expect(await barriers(page)).toEqual([]);
    expect(complaints).toEqual([]);
  });

  test('shows what was spent by day, model and conversation, and how much is left', async () => {
    await using running = await spent();
    const { page, complaints } = await openPage(browser, running, '/usage');
    await page.getByText('$0.50 left of $3.00').waitFor();
    expect(await page.locator('.usage-meter').first().getAttribute('class')).toContain('is-near');
    await page.getByText('openai/gpt-5.4-mini').waitFor();
    expect(await page.getByRole('link', { name: 'The greenhouse' }).getAttribute('href')).toBe('/chat/c1');
    expect(await page.locator('.day-chart figcaption').textContent()).toContain('$2.00');
    await page.locator('.day-chart-hit').first().hover();
    await expect.poll(() => page.locator('.day-chart figcaption').textContent()).toContain('$0.50');
    await page.getByText('The same as a table').click();
    await page.getByRole('cell', { name: '$0.50' }).waitFor();
    expect(await barriers(page)).toEqual([]);
    expect(complaints).toEqual([]);
  });

  test('fits a phone, in the dark', async () => {
    await using running = await spent();
    const { page, complaints } = await openPage(browser, running, '/usage', {
      ...PHONE,
      colorScheme: 'dark',
    });
    await page.getByText('The greenhouse').waitFor();
    expect(await page.evaluate('document.documentElement.scrollWidth - innerWidth')).toBe(0);
    expect(await barriers(page)).toEqual([]);
    expect(complaints).toEqual([]);
  });

  test('says why the figures are missing, and tries again', async () => {
    await using running = await runGateway();
    const { assistant } = running;
    const works = assistant.spending;
    assistant.spending = () => Promise.reject(new Error('The disk is full.'));
    const { page } = await openPage(browser, running, '/usage');
    await page.getByRole('alert').waitFor();
    assistant.spending = works;
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.getByText('No model was asked in this time').waitFor();
  });
});
