/** One header: name and value. */
export type Header = readonly [name: string, value: string];

/** Headers of a response that hand out credentials or tell how to log in, which is nobody's business but ours. */
const SENSITIVE: ReadonlySet<string> = new Set([
  'api-key',
  'authentication-info',
  'authorization',
  'cookie',
  'set-cookie',
  'set-cookie2',
  'www-authenticate',
  'x-api-key',
  'x-auth-token',
]);

/** True where a header carries credentials. Names count in any case. */
export function isSensitiveHeader(name: string): boolean {
  const lower = name.toLowerCase();
  return SENSITIVE.has(lower) || lower.startsWith('proxy-');
}

/** What of a response's headers a guest or a model may see. */
export const withoutSensitiveHeaders = (headers: readonly Header[]): readonly Header[] =>
  headers.filter(([name]) => !isSensitiveHeader(name));
