import type { Header } from './sensitive-headers.ts';

/** RFC 9110, 7.6.1: for the next hop only. Length and encoding spoke of the body before it was unpacked. */
const OF_THE_CONNECTION: ReadonlySet<string> = new Set([
  'connection',
  'content-encoding',
  'content-length',
  'keep-alive',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

/** `raw` alternates names and values, as Node gives them. Left out is also what `Connection` names. */
export function responseHeaders(raw: readonly string[]): readonly Header[] {
  const all: Header[] = [];
  for (let at = 0; at + 1 < raw.length; at += 2) all.push([(raw[at] ?? '').toLowerCase(), raw[at + 1] ?? '']);
  const named = new Set(all.filter(([name]) => name === 'connection').flatMap(([, value]) => namesIn(value)));
  return all.filter(([name]) => !OF_THE_CONNECTION.has(name) && !named.has(name));
}

const namesIn = (value: string): readonly string[] =>
  value.split(',').map((name) => name.trim().toLowerCase());
