/**
 * What kind of trouble a person is being told about. Each kind has its own process exit code, so that a
 * script can tell a busy assistant from a broken configuration.
 */
export const EXIT_CODES = {
  /** A defect of the program. */
  internal: 1,
  /** The command line was wrong. */
  usage: 2,
  /** A configuration file or variable was wrong. */
  config: 3,
  /** The home folder, disk or database could not be used. */
  storage: 4,
  /** The database was written by a newer program. */
  'newer-database': 5,
  /** A port or address could not be bound. */
  'address-in-use': 6,
  /** No running assistant was found, or it did not answer. */
  unreachable: 7,
  /** The assistant answered, but the turn failed. */
  'turn-failed': 8,
  /** The turn stopped to wait for an approval that nobody was there to give. */
  'approval-needed': 9,
  /** Some of what was checked did not hold (for example a replayed trace). */
  'check-failed': 10,
} as const;

export type ErrorKind = keyof typeof EXIT_CODES;

/**
 * An error that a person will read: what happened, and what to do about it.
 *
 * @example throw new IronbarkError('address-in-use', 'Port 4747 is taken.', 'Start with --port 0, or stop the other program.');
 */
export class IronbarkError extends Error {
  readonly kind: ErrorKind;
  /** What the reader can do about it, as a sentence. */
  readonly hint: string | undefined;

  constructor(kind: ErrorKind, message: string, hint?: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'IronbarkError';
    this.kind = kind;
    this.hint = hint;
  }

  /** What happened, and what to do about it, as one text. */
  get explanation(): string {
    return [this.message, this.hint].filter(Boolean).join(' ');
  }

  get exitCode(): number {
    return EXIT_CODES[this.kind];
  }
}

/** Whatever was thrown, as an Error. */
export function coerceError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(String(thrown));
}
