/** What keys look like where a provider repeats one in its own words, whole or in part. */
const KEY_SHAPES = /\b(?:sk|pk|rk|key|gsk|xai|AIza)[-_*][\w*.-]{6,}|\bBearer\s+[^\s"',]+/gi;

/** Takes keys out of a text that a person will see. */
export function scrub(text: string, apiKey: string | undefined): string {
  const known = apiKey ? text.replaceAll(apiKey, '[key]') : text;
  return known.replaceAll(KEY_SHAPES, '[key]');
}

/** An address without its user name, password and query, any of which may hold a key. */
export function scrubUrl(address: string): string {
  const url = URL.parse(address);
  return url === null ? '[address]' : `${url.origin}${url.pathname}`;
}
