/** What the gateway allows. Each number bounds memory or patience; none is needed for correctness. */
export interface GatewayLimits {
  /** WebSocket clients at the same time. */
  readonly clients: number;
  /** Streams of server-sent events at the same time. */
  readonly streams: number;
  /** Subscriptions of one client. */
  readonly subscriptions: number;
  /** Requests of one client that wait for their answer; the next is answered `busy`. */
  readonly requestsInFlight: number;
  /** Unread bytes from which deltas are dropped and entries wait in the journal. */
  readonly softBufferBytes: number;
  /** Unread bytes from which a client is closed as too slow. */
  readonly hardBufferBytes: number;
  /** How long a client may read nothing of what waits for it. */
  readonly stallMs: number;
  /** Requests that change something, by one user and from one address. */
  readonly changesPerMinute: number;
  /** Messages sent over HTTP by one user. */
  readonly chatPerMinute: number;
  /** Requests to the webhook that wait for their replies; the next are answered at once. */
  readonly webhookWaits: number;
  /** How long one of them waits. */
  readonly webhookWaitMs: number;
  /** Between two pings. A client that answers none of them is dropped at the next. */
  readonly heartbeatMs: number;
  /** For the headers and body of a request to arrive. */
  readonly requestTimeoutMs: number;
  /** For clients to take what is still waiting for them when the gateway stops. */
  readonly closeGraceMs: number;
}

export const DEFAULT_LIMITS: GatewayLimits = {
  clients: 100,
  streams: 100,
  subscriptions: 100,
  requestsInFlight: 64,
  softBufferBytes: 1024 * 1024,
  hardBufferBytes: 8 * 1024 * 1024,
  stallMs: 60_000,
  changesPerMinute: 600,
  chatPerMinute: 30,
  webhookWaits: 100,
  webhookWaitMs: 60_000,
  heartbeatMs: 30_000,
  requestTimeoutMs: 10_000,
  closeGraceMs: 2_000,
};

/** Largest WebSocket message that is received at all. Above it the connection closes with 1009. */
export const MAX_FRAME_BYTES = 16 * 1024 * 1024;
