import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { launchBrowser, NO_BROWSER } from '../../src/gateway/testing/chromium.ts';
import { runGateway } from '../../src/gateway/testing/running-gateway.ts';
import { barriers, openPage, PHONE } from './page.ts';

describe.skipIf(NO_BROWSER !== undefined)('what is not available yet', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchBrowser();
  });
  afterAll(() => browser.close());

  test.each([
    { path: '/skills', title: 'Skills are not available yet', helps: 'Write standing instructions' },
  ])('$path says so, and what helps until then', async ({ path, title, helps }) => {
    await using running = await runGateway();
    for (const options of [{}, { ...PHONE, colorScheme: 'dark' } as const]) {
      const { page, complaints } = await openPage(browser, running, path, options);
      await page.getByRole('heading', { name: title }).waitFor();
      await page.getByText(helps).waitFor();
      expect(await page.evaluate('document.documentElement.scrollWidth - innerWidth')).toBe(0);
      expect(await barriers(page)).toEqual([]);
      expect(complaints).toEqual([]);
    }
  });

  test('leads from the skills to standing instructions in memory', async () => {
    await using running = await runGateway();
    const { page } = await openPage(browser, running, '/skills');
    await page.getByRole('link', { name: 'Write standing instructions' }).click();
    await page.getByRole('heading', { name: 'Memory' }).waitFor();
    expect(new URL(page.url()).searchParams.get('path')).toBe('AGENTS.md');
  });
});
