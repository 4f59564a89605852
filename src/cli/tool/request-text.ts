import type { OutgoingRequest } from '../../network/index.ts';

const MAX_BODY_CHARACTERS = 4_000;

/** A request as it leaves, for a person. */
export function requestText(request: OutgoingRequest): string {
  const { method, url, headers } = request;
  const lines = [`→ ${method} ${url}`, ...headers.map(([name, value]) => `  ${name}: ${value}`)];
  const body = bodyText(request);
  return [...lines, ...(body ? [`  ${shortened(body).replaceAll('\n', '\n  ')}`] : [])].join('\n');
}

const shortened = (text: string): string =>
  text.length > MAX_BODY_CHARACTERS ? `${text.slice(0, MAX_BODY_CHARACTERS).toWellFormed()}…` : text;

/** What is no UTF-8 shows as replacement characters. */
export const bodyText = ({ body }: OutgoingRequest): string | undefined =>
  body && new TextDecoder().decode(body);

/** JSON that also takes what guests give: bytes, as their number, and large numbers. */
export const jsonText = (value: unknown, indent?: number): string =>
  JSON.stringify(
    value,
    (_, inner: unknown) => {
      if (inner instanceof Uint8Array) return `${inner.length} bytes`;
      return typeof inner === 'bigint' ? Number(inner) : inner;
    },
    indent,
  ) ?? '';
