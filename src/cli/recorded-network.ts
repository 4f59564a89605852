import { err, ok } from '../core/result.ts';
import type { HttpExchange } from '../llm/index.ts';
import type { IncomingResponse, OutgoingRequest, Resolver, Transport } from '../network/index.ts';

/** Stands where the network would. */
export interface RecordedNetwork {
  readonly transport: Transport;
  readonly resolver: Resolver;
  /** Exchanges that nobody has asked for yet. */
  remaining(): number;
  /** Requests that differ from the recorded one whose answer they got, a sentence each. */
  warnings(): readonly string[];
}

/** A recording needs no address, so any public one does. Addresses that a guest writes itself are checked all the same. */
const ANYWHERE: Resolver = async () => ['1.1.1.1'];

/**
 * Answers requests with the recorded responses in the order of the recording. A request fails when there is none
 * left: nothing ever reaches the network.
 *
 * @param onResponse told of each answer
 */
export function recordedNetwork(
  exchanges: readonly HttpExchange[],
  onResponse: (response: IncomingResponse) => void = () => {},
): RecordedNetwork {
  const queue = [...exchanges];
  const warnings: string[] = [];
  const transport: Transport = {
    async send(request, { maxResponseBytes }) {
      const asked = shown(request);
      const exchange = queue.shift();
      if (exchange === undefined) {
        return err({ rule: 'connection', message: noneLeft(asked, exchanges.length), requestSent: false });
      }
      const recorded = shown(exchange.request);
      if (asked !== recorded) warnings.push(`asked for ${asked} where the recording has ${recorded}`);
      const response = responseOf(exchange);
      onResponse(response);
      if (response.body.length <= maxResponseBytes) return ok(response);
      const message = `The answer is larger than ${maxResponseBytes} bytes.`;
      return err({ rule: 'too-large', message, requestSent: true });
    },
  };
  return { transport, resolver: ANYWHERE, remaining: () => queue.length, warnings: () => warnings };
}

/** Without the query, where a credential may stand. */
const shown = ({ method, url }: Pick<OutgoingRequest, 'method' | 'url'>): string =>
  `${method.toUpperCase()} ${url.replace(/[?#].*$/s, '')}`;

function noneLeft(asked: string, recorded: number): string {
  if (recorded === 0) {
    return `${asked}: the recording holds no HTTP exchanges, and nothing else stands in for the network`;
  }
  return `${asked}: all ${recorded} recorded HTTP exchanges are used up`;
}

/** Recorded bodies are decoded text already, so what describes their transport no longer fits. */
const TRANSPORT_HEADERS = new Set(['content-encoding', 'content-length', 'transfer-encoding']);

function responseOf({ response: { status, headers, body } }: HttpExchange): IncomingResponse {
  const kept = headers.filter(([name]) => !TRANSPORT_HEADERS.has(name.toLowerCase()));
  return {
    status,
    headers: kept.map(([name, value]): readonly [string, string] => [name, value]),
    body: new TextEncoder().encode(body),
  };
}
