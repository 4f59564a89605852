/** RFC 9110, 5.6.2. */
const TOKEN = /^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,128}$/;
/** RFC 9110, 5.5: visible characters, space and tab; bytes above ASCII as they come. */
const VALUE = /^[\t\x20-\x7e\x80-\xff]*$/;

/** They belong to the connection and to the host that makes it, or go to somebody on the way. */
const RESERVED: ReadonlySet<string> = new Set([
  'connection',
  'content-length',
  'expect',
  'host',
  'http2-settings',
  'keep-alive',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

export const isHeaderName = (name: string): boolean => TOKEN.test(name);
export const isHeaderValue = (value: string): boolean => VALUE.test(value);

/** Headers that only the host sets. */
export const isReservedHeader = (name: string): boolean =>
  RESERVED.has(name.toLowerCase()) || name.toLowerCase().startsWith('proxy-');
