import { err, ok } from '../../core/result.ts';
import type { HttpExchange } from '../../llm/index.ts';
import type { IncomingResponse, OutgoingRequest, Transport } from '../../network/index.ts';

export interface RecordedTransport extends Transport {
  /** Recorded answers that nobody has asked for. */
  remaining(): number;
  /** Requests that differ from the recorded one whose answer they got, a sentence each. */
  warnings(): readonly string[];
}

/**
 * Answers requests with recorded responses, in the order of the recording. Nothing reaches the network: when none is
 * left, a request fails.
 *
 * @param onResponse told of each answer
 */
export function recordedTransport(
  exchanges: readonly HttpExchange[],
  onResponse: (response: IncomingResponse) => void,
): RecordedTransport {
  const queue = [...exchanges];
  const warnings: string[] = [];
  return {
    async send(request, { maxResponseBytes }) {
      const exchange = queue.shift();
      if (exchange === undefined)
        return err({ rule: 'connection', message: noneLeft(exchanges), requestSent: false });
      const difference = differenceFrom(exchange, request);
      if (difference) warnings.push(difference);
      const response = responseOf(exchange);
      onResponse(response);
      if (response.body.length <= maxResponseBytes) return ok(response);
      const message = `The answer is larger than ${maxResponseBytes} bytes.`;
      return err({ rule: 'too-large', message, requestSent: true });
    },
    remaining: () => queue.length,
    warnings: () => warnings,
  };
}

const noneLeft = ({ length }: readonly HttpExchange[]): string =>
  length === 0 ? 'The recording holds no exchange.' : `All ${length} recorded exchanges are used up.`;

/** Without the query: a credential may stand there. */
const withoutQuery = (url: string): string => url.replace(/[?#].*$/s, '');

function differenceFrom({ request }: HttpExchange, { method, url }: OutgoingRequest): string | undefined {
  const recorded = `${request.method.toUpperCase()} ${withoutQuery(request.url)}`;
  const asked = `${method} ${withoutQuery(url)}`;
  return recorded === asked ? undefined : `asked for ${asked} where the recording has ${recorded}`;
}

function responseOf({ response: { status, headers, body } }: HttpExchange): IncomingResponse {
  return {
    status,
    headers: headers.map(([name, value]) => [name, value] as const),
    body: new TextEncoder().encode(body),
  };
}
