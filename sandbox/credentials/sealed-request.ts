import { inspect } from 'node:util';
import type { OutgoingRequest } from '../../src/network/index.ts';
import type { KnownSpan } from '../../src/safety/index.ts';
import type { Secret } from '../../src/secrets/index.ts';
import { finderFor } from './finders.ts';
import type { RequestTemplate } from './request-template.ts';
import { filled, type Gap, isGap } from './template.ts';

/**
 * A request with its credentials in it. Printed, in whatever way, it shows each of them as `‹name›`; only `open`
 * gives what is sent.
 */
export interface SealedRequest {
  /** Names of the secrets that were put in. */
  readonly credentials: readonly string[];
  /** As it would leave, each secret shown as `‹name›`. */
  masked(): OutgoingRequest;
  /** As it leaves. */
  open(): OutgoingRequest;
  /**
   * The text without the injected values, however they come back: as they are, in base64, in hexadecimal, in
   * percent-, JSON- or HTML-escapes. For error messages and headers; some 5 ms a megabyte.
   */
  scrub(text: string): string;
  /** The same for a body of any size, in parts of a few milliseconds. Gives the body itself where it holds none. */
  scrubBytes(body: Uint8Array): Promise<Uint8Array>;
}

export function seal(template: RequestTemplate): SealedRequest {
  const secrets = secretsIn(template);
  const finder = finderFor(secrets);
  const values = secrets.map((secret) => secret.expose());
  const marker = (name: string): string => {
    const shown = `‹${name}›`;
    return values.some((value) => shown.includes(value)) ? '‹…›' : shown;
  };
  const scrub = (text: string): string => replaced(text, finder.find(text), marker);
  const masked = (): OutgoingRequest => {
    const { method, url, headers, body } = rendered(template, ({ secret }) => marker(secret.name));
    return {
      method,
      url: scrub(url),
      headers: headers.map(([name, value]) => [name, scrub(value)]),
      body: body && bytesWithout(body, finder.find(asText(body)), marker),
    };
  };
  const summary = () => {
    const { method, url, headers, body } = masked();
    return { method, url, headers, bodyBytes: body?.length ?? 0 };
  };
  return {
    credentials: secrets.map(({ name }) => name),
    masked,
    open: () => rendered(template, ({ secret, encode }) => encode(secret.expose())),
    scrub,
    scrubBytes: async (body) => bytesWithout(body, await finder.findLong(asText(body)), marker),
    ...printedAs(summary),
  };
}

function secretsIn({ url, headers }: RequestTemplate): readonly Secret[] {
  const gaps = [...url, ...headers.flatMap(([, value]) => value)].filter(isGap);
  return [...new Set(gaps.map(({ secret }) => secret))];
}

function rendered(
  { method, url, headers, body }: RequestTemplate,
  fill: (gap: Gap) => string,
): OutgoingRequest {
  return {
    method,
    url: filled(url, fill),
    headers: headers.map(([name, value]) => [name, filled(value, fill)]),
    body,
  };
}

function printedAs(summary: () => unknown) {
  return {
    toString: () => JSON.stringify(summary()),
    toJSON: summary,
    [inspect.custom]: summary,
  };
}

/** One character a byte, so that what is not text survives. */
const asText = (bytes: Uint8Array): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');

function bytesWithout(
  body: Uint8Array,
  spans: readonly KnownSpan[],
  marker: (name: string) => string,
): Uint8Array {
  if (spans.length === 0) return body;
  const asBytes = (name: string): string => Buffer.from(marker(name)).toString('latin1');
  return new Uint8Array(Buffer.from(replaced(asText(body), spans, asBytes), 'latin1'));
}

function replaced(text: string, spans: readonly KnownSpan[], marker: (name: string) => string): string {
  let kept = '';
  let at = 0;
  for (const { name, start, end } of spans) {
    kept += text.slice(at, start) + marker(name);
    at = end;
  }
  return kept + text.slice(at);
}
