import type { AuditLog } from '../audit/index.ts';
import type { Clock } from '../core/clock.ts';
import type { Result } from '../core/result.ts';
import type { Credential } from '../extensions/index.ts';
import type { AllowRule, OutgoingRequest, RateLimiter, Resolver, Transport } from '../network/index.ts';
import type { LeakDetector } from '../safety/index.ts';
import type { Dial } from './dial.ts';
import type { EgressLimits } from './limits.ts';
import type { EgressRefusal } from './refuse.ts';

/** The only way out of containers: each has a door of its own, a Unix socket that speaks HTTP proxy. */
export interface Egress {
  /**
   * Opens a door. What stood at its path before is removed. Rejects where the socket cannot be made, or where the
   * list of domains cannot be read: then nothing is reachable.
   */
  open(order: EgressOrder): Promise<EgressDoor>;
}

export interface EgressOrder {
  /** At most 107 bytes, as the system wants it. */
  readonly socketPath: string;
  /** On whose account each request is put down. */
  readonly invocation: { readonly kind: 'job' | 'shell'; readonly id: string };
  readonly conversationId?: string;
  /** Put into plain requests to their hosts and paths; the container never sees them. */
  readonly credentials?: readonly Credential[];
}

export interface EgressDoor {
  counts(): EgressCounts;
  /** Ends what is under way, and removes the socket. */
  close(): Promise<void>;
}

export interface EgressCounts {
  readonly answered: number;
  readonly refused: number;
  readonly failed: number;
  readonly upBytes: number;
  readonly downBytes: number;
}

export interface EgressServices {
  /** Asked at each request, so that a change of the settings counts from then on. */
  readonly allow: () => readonly AllowRule[];
  readonly audit: Pick<AuditLog, 'write'>;
  readonly clock: Clock;
  readonly leaks: LeakDetector;
  /** A secret that is not looked for yet could be carried off. */
  readonly knownReady: () => Promise<void>;
  readonly rates: RateLimiter;
  readonly resolver: Resolver;
  /** For plain requests, which leave encrypted. */
  readonly transport: Transport;
  /** For tunnels; to port 443 of public addresses unless given. */
  readonly dial?: Dial;
  readonly seal: Seal;
  readonly limits?: Partial<EgressLimits>;
  /** Told of a defect of our own; the request it happened in was refused. */
  readonly onDefect: (thrown: unknown) => void;
}

/** Puts credentials into a request that was looked through before. */
export type Seal = (
  request: OutgoingRequest,
  credentials: readonly Credential[],
) => Promise<Result<Sealed, EgressRefusal>>;

export interface Sealed {
  /** Names of the secrets that were put in. */
  readonly credentials: readonly string[];
  open(): OutgoingRequest;
  /** The text without what was put in, however it comes back. */
  scrub(text: string): string;
  scrubBytes(body: Uint8Array): Promise<Uint8Array>;
}
