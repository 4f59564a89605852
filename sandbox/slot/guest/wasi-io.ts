import type { LineSink } from './lines.ts';
import { CALL_COST, type Meter } from './meter.ts';

/** An error that the glue hands to the guest as the `err` of a result. */
export function refusal(payload: unknown): Error {
  return Object.assign(new Error('refused'), { payload });
}

/** The most that a guest may write in one go, in bytes; WASI lets the host choose. */
const WRITE_WINDOW = 65_536n;

/** Bytes that a unit of fuel moves, as for the bulk instructions. */
export const BYTES_PER_UNIT = 8;

/**
 * `wasi:io`: nothing to read, output goes to the log, and whatever a guest waits for is ready at once. A guest that
 * sleeps therefore does not: it holds no slot, and one that polls the clock pays for it in fuel.
 */
export function ioInterfaces(meter: Meter) {
  class IoError {
    toDebugString(): string {
      return 'no further detail';
    }
  }

  class Pollable {
    ready(): boolean {
      return true;
    }
    block(): void {
      meter.charge(CALL_COST);
    }
  }

  class InputStream {
    read(): never {
      throw refusal({ tag: 'closed' });
    }
    blockingRead(): never {
      throw refusal({ tag: 'closed' });
    }
    skip(): never {
      throw refusal({ tag: 'closed' });
    }
    blockingSkip(): never {
      throw refusal({ tag: 'closed' });
    }
    subscribe(): Pollable {
      return new Pollable();
    }
  }

  class OutputStream {
    readonly #sink: LineSink;
    constructor(sink: LineSink) {
      this.#sink = sink;
    }
    checkWrite(): bigint {
      meter.charge(CALL_COST);
      return WRITE_WINDOW;
    }
    write(bytes: Uint8Array): void {
      meter.charge(CALL_COST + bytes.length / BYTES_PER_UNIT);
      this.#sink.write(bytes);
    }
    blockingWriteAndFlush(bytes: Uint8Array): void {
      this.write(bytes);
    }
    flush(): void {}
    blockingFlush(): void {}
    subscribe(): Pollable {
      return new Pollable();
    }
    writeZeroes(length: bigint): void {
      this.write(new Uint8Array(Number(length < WRITE_WINDOW ? length : WRITE_WINDOW)));
    }
    blockingWriteZeroesAndFlush(length: bigint): void {
      this.writeZeroes(length);
    }
    splice(): never {
      throw refusal({ tag: 'closed' });
    }
    blockingSplice(): never {
      throw refusal({ tag: 'closed' });
    }
  }

  const poll = (pollables: readonly Pollable[]): Uint32Array => Uint32Array.from(pollables.keys());
  return {
    error: { Error: IoError },
    poll: { Pollable, poll },
    streams: { InputStream, OutputStream },
  };
}
