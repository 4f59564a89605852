/**
 * All that the realm of a component gets from the process around it. The functions have no prototype and exchange
 * only primitives and byte arrays of the realm itself, so that no object of the process's own realm is in reach.
 */
export interface Bridge {
  /** Sends one message about a call of this realm: `host` or `done` of `../frame.ts`. */
  readonly send: (kind: number, call: number, header: string, raw: Uint8Array) => void;
  /** Undefined where the bytes cannot be read. What is not UTF-8 becomes U+FFFD. */
  readonly decode: (bytes: Uint8Array) => string | undefined;
  /** Puts how many code units were read and how many bytes were written into `counts`. */
  readonly encodeInto: (text: string, into: Uint8Array, counts: Uint32Array) => void;
  /** At most 64 KiB a time. */
  readonly random: (into: Uint8Array) => void;
  readonly nanoseconds: () => bigint;
  readonly setTimer: (callback: () => void, milliseconds: number) => number;
  readonly clearTimer: (timer: number) => void;
}

/** What the process asks of a realm. Everything that could fail answers with its reason instead of throwing. */
export interface Realm {
  /** Room for bytes that the process fills. */
  readonly allocate: (length: number) => Uint8Array;
  /** Why a core module was not taken, or undefined. */
  readonly addModule: (name: string, bytes: Uint8Array) => string | undefined;
  readonly setGlue: (instantiate: unknown) => void;
  readonly start: (call: number, header: string, raw: Uint8Array) => void;
  readonly answer: (call: number, header: string, raw: Uint8Array) => void;
  /** Forgets a call; it sends nothing more. */
  readonly drop: (call: number) => void;
}
