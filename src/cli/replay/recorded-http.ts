import type { HttpExchange } from '../../llm/index.ts';

/** Stands where the network would: as much of `fetch` as a tool needs. */
export interface RecordedHttp {
  readonly fetch: (url: string | URL, init?: { readonly method?: string }) => Promise<Response>;
  /** Exchanges that nobody has asked for yet. */
  remaining(): number;
  /** Requests that differ from the recorded one whose answer they got, a sentence each. */
  warnings(): readonly string[];
}

/**
 * Answers requests with the recorded responses in the order of the recording. `fetch` rejects when there is
 * none left: a replay never reaches the network.
 */
export function recordedHttp(exchanges: readonly HttpExchange[]): RecordedHttp {
  const queue = [...exchanges];
  const warnings: string[] = [];
  return {
    async fetch(url, init) {
      const asked = `${init?.method ?? 'GET'} ${url}`;
      const exchange = queue.shift();
      if (exchange === undefined) throw new Error(noneLeft(asked, exchanges.length));
      const recorded = `${exchange.request.method} ${exchange.request.url}`;
      if (asked !== recorded) warnings.push(`asked for ${asked} where the recording has ${recorded}`);
      return responseOf(exchange.response);
    },
    remaining: () => queue.length,
    warnings: () => warnings,
  };
}

function noneLeft(asked: string, recorded: number): string {
  if (recorded === 0)
    return `${asked}: the trace holds no HTTP exchanges, and a replay never uses the network`;
  return `${asked}: all ${recorded} HTTP exchanges of the trace are used up`;
}

/** These statuses must not have a body: `Response` throws for one. */
const BODILESS = new Set([204, 205, 304]);

/** Recorded bodies are decoded text already, so what describes their transport no longer fits. */
const TRANSPORT_HEADERS = new Set(['content-encoding', 'content-length', 'transfer-encoding']);

function responseOf({ status, headers, body }: HttpExchange['response']): Response {
  const kept = headers.filter(([name]) => !TRANSPORT_HEADERS.has(name.toLowerCase()));
  return new Response(BODILESS.has(status) ? null : body, {
    status,
    headers: kept.map(([name, value]): [string, string] => [name, value]),
  });
}
