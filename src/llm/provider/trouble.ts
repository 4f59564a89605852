/** What is known about something that went wrong on the way to a model, whoever threw it. */
export interface Trouble {
  /** The HTTP status of the answer, where there was one. */
  readonly status: number | undefined;
  readonly headers: Readonly<Record<string, string>>;
  /** The server's own words, or the system's. */
  readonly message: string;
  /** The provider's own code or type of the error, for example `insufficient_quota`. */
  readonly code: string;
  /** The server reported it itself, inside a stream that was well so far. */
  readonly reported: boolean;
  /** Everything in the chain of causes, outermost first. */
  readonly causes: readonly unknown[];
}

const MAX_PLAIN_BODY = 500;

/** Adapters throw their own errors, the system's, or plain objects out of a stream. */
export function describeTrouble(thrown: unknown): Trouble {
  const body = readBody(field(thrown, 'responseBody'));
  const told = reportedError(body) ?? reportedError(field(thrown, 'data')) ?? reportedError(thrown);
  const error = told ?? thrown;
  return {
    status: statusOf(field(thrown, 'statusCode')) ?? statusOf(Number(field(error, 'code'))),
    headers: headersOf(field(thrown, 'responseHeaders')),
    message: [told, body, thrown].flatMap(wordsOf).find(Boolean) ?? 'no reason was given',
    code: ['code', 'type', 'status'].map((name) => textOf(field(error, name))).join(' '),
    reported: !(thrown instanceof Error),
    causes: chain(thrown),
  };
}

/** The system's code of the network error, for example `ECONNREFUSED`, deepest first. */
export function networkCode({ causes }: Trouble): string | undefined {
  return causes
    .map((cause) => textOf(field(cause, 'code')))
    .findLast((code) => /^(E[A-Z_]+|UND_ERR_\w+|CERT_\w+|\w*SELF_SIGNED\w*|UNABLE_TO_\w+)$/.test(code));
}

/** The body of an error answer: JSON, or a short text. A page says less than its status. */
function readBody(body: unknown): unknown {
  const text = textOf(body).trim();
  try {
    return JSON.parse(text);
  } catch {
    return text.length <= MAX_PLAIN_BODY && !text.startsWith('<') ? text : undefined;
  }
}

/** Nearly everybody puts the error into a field of that name, as an object or as a text. */
function reportedError(value: unknown): unknown {
  return field(value, 'error') ?? undefined;
}

function wordsOf(value: unknown): string[] {
  return [textOf(value), textOf(field(value, 'message')), textOf(field(value, 'detail'))];
}

function chain(thrown: unknown): unknown[] {
  const causes: unknown[] = [];
  let current = thrown;
  while (current !== undefined && current !== null && !causes.includes(current)) {
    causes.push(current);
    current = field(current, 'cause');
  }
  return causes;
}

function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}

function textOf(value: unknown): string {
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' ? value : '';
}

/** Some servers put the HTTP status into a stream as the error's code. */
function statusOf(value: unknown): number | undefined {
  return typeof value === 'number' && value >= 200 && value < 600 ? value : undefined;
}

function headersOf(value: unknown): Record<string, string> {
  if (typeof value !== 'object' || value === null) return {};
  return Object.fromEntries(Object.entries(value).map(([name, text]) => [name.toLowerCase(), String(text)]));
}
