import type { RateLimits } from '../network/index.ts';

/** What one container may do through its door. Times in milliseconds. */
export interface EgressLimits {
  readonly rate: RateLimits;
  /** Connections at the same time; more are closed at once. */
  readonly connections: number;
  /** Tunnels and plain requests under way at the same time. */
  readonly tunnels: number;
  readonly plainRequests: number;
  /** All that leaves through one door, together: bodies and heads of plain requests, and what goes up tunnels. */
  readonly uploadBytes: number;
  /** All that comes in through one door. */
  readonly downloadBytes: number;
  readonly requestBytes: number;
  readonly responseBytes: number;
  readonly headBytes: number;
  /** For the head of a request, and for the first words in a tunnel. */
  readonly headMs: number;
  /** For a plain request with its body, from its first byte to its last. */
  readonly requestMs: number;
  readonly responseMs: number;
  readonly connectMs: number;
  /** A tunnel in which nothing moves. */
  readonly idleMs: number;
  readonly tunnelMs: number;
}

const MIB = 1024 * 1024;

/**
 * Half an hour for a tunnel is the reference implementation's; request and response sizes are those of tools from
 * outside. A plain answer is held in memory as a whole, so a door takes at most 80 MiB with eight of them. The rate
 * also bounds what a container can add to the audit log: 600 bytes a line, two lines a tunnel, some 6 MB an hour.
 */
export const DEFAULT_EGRESS_LIMITS: EgressLimits = {
  rate: { perMinute: 300, perHour: 5_000 },
  connections: 128,
  tunnels: 64,
  plainRequests: 8,
  uploadBytes: 10 * MIB,
  downloadBytes: 4096 * MIB,
  requestBytes: MIB,
  responseBytes: 10 * MIB,
  headBytes: 16 * 1024,
  headMs: 10_000,
  requestMs: 60_000,
  responseMs: 120_000,
  connectMs: 3_000,
  idleMs: 120_000,
  tunnelMs: 30 * 60_000,
};
