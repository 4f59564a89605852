import type { OutgoingRequest } from '../../network/index.ts';

const MAX_BODY_CHARACTERS = 4_000;

/** A request as it leaves, for a person. */
export function requestText({ method, url, headers, body }: OutgoingRequest): string {
  const lines = [`→ ${method} ${url}`, ...headers.map(([name, value]) => `  ${name}: ${value}`)];
  return [...lines, ...(body && body.length > 0 ? [bodyText(body)] : [])].join('\n');
}

function bodyText(body: Uint8Array): string {
  const text = new TextDecoder().decode(body);
  const cut = text.length > MAX_BODY_CHARACTERS ? `${text.slice(0, MAX_BODY_CHARACTERS)}…` : text;
  return `  ${cut.replaceAll('\n', '\n  ')}`;
}
