import type { Browser, BrowserContextOptions } from 'playwright-core';
import { type Answer, type Asked, ask } from '../../src/gateway/testing/ask.ts';
import type { WholeAssistant } from '../../src/gateway/testing/whole-assistant.ts';
import { type OpenedPage, openPage } from './page.ts';

/** A page of the whole program, logged in, at one of its places. */
export async function openWholePage(
  browser: Browser,
  whole: WholeAssistant,
  path: string,
  options: BrowserContextOptions = {},
): Promise<OpenedPage> {
  const { json } = await askWhole(whole, '/api/login-link', { method: 'POST' });
  const loginLink = () => String(Object(json).link);
  return await openPage(browser, { url: whole.url, gateway: { loginLink } }, path, options);
}

/** As the bearer of the program's token. */
export const askWhole = (whole: WholeAssistant, path: string, asked: Asked = {}): Promise<Answer> =>
  ask(whole, path, { ...asked, headers: { authorization: `Bearer ${whole.token}` } });
