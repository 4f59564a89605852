import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type OpenMemoryDesk, openMemoryDesk } from '../../actors/testing/open-memory-desk.ts';
import { launchBrowser, NO_BROWSER } from '../../src/gateway/testing/chromium.ts';
import { runGateway } from '../../src/gateway/testing/running-gateway.ts';
import { barriers, openPage, PHONE } from './page.ts';

describe.skipIf(NO_BROWSER !== undefined)('the memory page', () => {
  let browser: Browser;
  let memory: OpenMemoryDesk;
  beforeAll(async () => {
    [browser, memory] = await Promise.all([launchBrowser(), openMemoryDesk()]);
  });
  afterAll(() => Promise.all([browser.close(), memory.close()]));
  beforeEach(() => memory.clear());

  const gateway = () => runGateway({ memory: { memory: memory.desk } });
  const write = (path: string, text: string, origins: readonly string[] = []) =>
    memory.desk.write({ path, text, append: false, origins });

  test('teaches what to do where nothing is remembered, and writes the first document', async () => {
    await using running = await gateway();
    const { page, complaints } = await openPage(browser, running, '/memory');
    await page.getByText('Remember that I prefer trains to planes.').waitFor();
    expect(await barriers(page)).toEqual([]);
    await page.getByRole('button', { name: 'Write a document' }).click();
    await page.getByLabel('Path').fill('travel/lisbon');
    await page.getByRole('button', { name: 'Write', exact: true }).click();
    await page.getByLabel('Text of the document').fill('# Lisbon\n\nBy **train**, in April.');
    await page.keyboard.press('Control+s');
    await page.getByRole('treeitem', { name: 'lisbon.md' }).waitFor();
    await page.locator('.markdown strong', { hasText: 'train' }).waitFor();
    expect((await memory.desk.read('travel/lisbon.md'))?.content).toBe('# Lisbon\n\nBy **train**, in April.');
    expect(complaints).toEqual([]);
  });

  test('finds passages, shows how well they fit, and marks the words', async () => {
    await write('recipes/soup.md', 'Two bulbs of garlic, roasted whole.', ['the page https://example.org/']);
    await write('people/mara.md', 'Plays the cello on Thursdays.');
    await using running = await gateway();
    const { page, complaints } = await openPage(browser, running, '/memory');
    await page.getByLabel('Search memory').fill('garlic');
    const hit = page.locator('.memory-hit', { hasText: 'recipes/soup.md' });
    await hit.waitFor();
    expect(await hit.locator('mark').allTextContents()).toEqual(['garlic']);
    expect(await hit.locator('.memory-score').textContent()).toMatch(/^[01]\.\d\d$/);
    await hit.getByText('the page https://example.org/').waitFor();
    expect(await barriers(page)).toEqual([]);
    await hit.click();
    await page.getByRole('heading', { name: 'soup.md' }).waitFor();
    expect(new URL(page.url()).searchParams.get('q')).toBe('garlic');
    await page.getByLabel('Search memory').fill('zebra crossing xylophone');
    await page.getByText('Nothing found').or(page.locator('.memory-hits')).first().waitFor();
    expect(complaints).toEqual([]);
  });

  test('shows nothing of a document as markup', async () => {
    await write(
      'a.md',
      'before <img src=x onerror="document.title=1"> <b>bold</b> [go](javascript:alert(1)) after',
    );
    await using running = await gateway();
    const { page, complaints } = await openPage(browser, running, '/memory?path=a.md');
    const text = page.locator('.memory-document .markdown');
    await text.getByText('after').waitFor();
    expect(await text.locator('img, b, a[href^="javascript"]').count()).toBe(0);
    expect(await text.textContent()).toContain('<b>bold</b>');
    expect(complaints).toEqual([]);
  });

  test('changes a document, compares its versions and goes back to one', async () => {
    await write('plan.md', 'one\ntwo\nthree\n');
    await using running = await gateway();
    const { page, complaints } = await openPage(browser, running, '/memory?path=plan.md');
    await page.getByRole('button', { name: 'Edit' }).click();
    await page.getByLabel('Text of the document').fill('one\n2\nthree\n');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('version 2').waitFor();
    await page.getByRole('tab', { name: 'Versions' }).click();
    await page.locator('.diff .added', { hasText: '2' }).waitFor();
    await page.locator('.diff .removed', { hasText: 'two' }).waitFor();
    await page.getByRole('button', { name: 'Version 1' }).click();
    await page.getByRole('button', { name: 'Back to this version' }).click();
    await page.getByText('version 3', { exact: true }).waitFor();
    expect((await memory.desk.read('plan.md'))?.content).toBe('one\ntwo\nthree\n');
    expect(await barriers(page)).toEqual([]);
    expect(complaints).toEqual([]);
  });

  test('loses neither text when somebody else was faster, and says what can be done', async () => {
    await write('plan.md', 'first');
    await using running = await gateway();
    const { page } = await openPage(browser, running, '/memory?path=plan.md');
    await page.getByRole('button', { name: 'Edit' }).click();
    await page.getByLabel('Text of the document').fill('mine');
    await write('plan.md', 'theirs');
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await page.getByText('Somebody else changed this document meanwhile.').waitFor();
    await page.getByText('You began from version 1; now it is version 2').waitFor();
    expect((await memory.desk.read('plan.md'))?.content).toBe('theirs');
    expect(await page.getByLabel('Text of the document').inputValue()).toBe('mine');
    await page.getByRole('button', { name: 'What they changed' }).click();
    await page.locator('.diff .added', { hasText: 'theirs' }).waitFor();
    expect(await barriers(page)).toEqual([]);
    await page.getByRole('button', { name: 'Save mine over it' }).click();
    await page.getByText('version 3').waitFor();
    expect((await memory.desk.read('plan.md'))?.content).toBe('mine');
    expect((await memory.desk.read('plan.md', 2))?.content).toBe('theirs');
  });

  test('keeps what is unsaved while another page is looked at', async () => {
    await write('plan.md', 'first');
    await using running = await gateway();
    const { page } = await openPage(browser, running, '/memory?path=plan.md');
    await page.getByRole('button', { name: 'Edit' }).click();
    await page.getByLabel('Text of the document').fill('not yet');
    await page.getByRole('link', { name: 'Usage' }).click();
    await page.getByRole('heading', { name: 'Usage' }).waitFor();
    await page.goBack();
    await expect.poll(() => page.getByLabel('Text of the document').inputValue()).toBe('not yet');
    await page.getByRole('button', { name: 'Discard' }).click();
    await page.locator('.markdown', { hasText: 'first' }).waitFor();
  });

  test('tells where passages came from, and forgets only after showing what would go', async () => {
    await write('a.md', 'From a page.', ['the page https://example.org/']);
    await write('b.md', 'My own.');
    await using running = await gateway();
    const { page, complaints } = await openPage(browser, running, '/memory?path=a.md');
    await page.getByRole('tab', { name: 'Where it came from' }).click();
    await page.locator('.memory-passage', { hasText: 'From a page.' }).waitFor();
    await page.getByRole('button', { name: 'Forget all of the page https://example.org/…' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText('a.md', { exact: true }).waitFor();
    await dialog.getByText('all of it').waitFor();
    expect(await memory.desk.read('a.md')).toBeDefined();
    expect(await barriers(page)).toEqual([]);
    await dialog.getByRole('button', { name: 'Forget for good' }).click();
    await page.getByText('There is no document a.md').waitFor();
    expect(await memory.desk.read('a.md')).toBeUndefined();
    expect(await memory.desk.read('b.md')).toBeDefined();
    await page.getByRole('treeitem', { name: 'a.md' }).waitFor({ state: 'detached' });
    // The one refusal is the look for the document that is gone.
    expect(complaints.filter((one) => !one.includes('404'))).toEqual([]);
  });

  test('says that there is nothing to tidy', async () => {
    await write('a.md', 'One.');
    await using running = await gateway();
    const { page, complaints } = await openPage(browser, running, '/memory');
    await page.getByRole('button', { name: 'Tidy' }).click();
    await page.getByText('Nothing was tidied yet.').waitFor();
    await page.getByRole('button', { name: 'Look what there is to tidy' }).click();
    await page.getByText('All is tidy.').waitFor();
    expect(await barriers(page)).toEqual([]);
    expect(complaints).toEqual([]);
  });

  test('on a phone shows the list or the document, with a way back', async () => {
    await write('notes/a.md', 'The text of it.');
    await using running = await gateway();
    const { page, complaints } = await openPage(browser, running, '/memory', PHONE);
    await page.getByRole('treeitem', { name: 'a.md' }).locator('.tree-row').click();
    await page.getByText('The text of it.').waitFor();
    expect(await page.getByRole('tree').isVisible()).toBe(false);
    expect(await page.evaluate('document.documentElement.scrollWidth - innerWidth')).toBe(0);
    expect(await barriers(page)).toEqual([]);
    await page.getByRole('link', { name: 'Back' }).click();
    await page.getByRole('treeitem', { name: 'a.md' }).waitFor();
    expect(complaints).toEqual([]);
  });
});
