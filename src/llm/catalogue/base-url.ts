import { IronbarkError } from '../../core/errors.ts';
import { PROVIDERS, type ProviderName } from './providers.ts';

/**
 * Takes an address as people write it: without a scheme (`localhost:11434`), without `/v1`, or with a full path.
 *
 * @param source where it is set, for the error.
 * @throws IronbarkError of kind `config` where it is no web address.
 */
export function parseBaseUrl(text: string, source: string, name: ProviderName): string {
  const url = URL.parse(/^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `http://${text}`);
  if (url === null || !/^https?:$/.test(url.protocol) || url.hostname === '') {
    throw new IronbarkError(
      'config',
      `The address of the language model in ${source} is not a web address: "${text}".`,
      'Write it like http://localhost:8080/v1.',
    );
  }
  if (name === 'ollama') completeOllamaHost(url, text);
  const path = url.pathname
    .replace(/\/+$/, '')
    .replace(/\/(chat\/completions|responses|messages|models)$/, '');
  url.pathname = path === '' ? versionOf(name) : path;
  return url.href.replace(/\/$/, '');
}

function versionOf(name: ProviderName): string {
  return PROVIDERS[name].protocol === 'google-generative' ? '/v1beta' : '/v1';
}

/** Ollama's own variable names where the server listens: any address, and a port that may be left out. */
function completeOllamaHost(url: URL, text: string): void {
  if (url.hostname === '0.0.0.0' || url.hostname === '[::]') url.hostname = '127.0.0.1';
  if (url.port === '' && !text.includes('://')) url.port = '11434';
}
