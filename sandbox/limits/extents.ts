import type { Limits } from './limits.ts';
import type { Reader } from './reader.ts';
import { hex, refuse } from './refusal.ts';
import { EXNREF, readReferenceType } from './types.ts';
import type { Writer } from './writer.ts';

/**
 * The sizes of memories and tables, defined and imported ones alike. An imported one gets its highest size as well: a
 * guest that is handed a memory that may grow beyond does not link.
 */

/** How a size is encoded: these bits before it. */
const HAS_MAXIMUM = 1;
const SHARED = 2;
const IS_64 = 4;
const CUSTOM_PAGE_SIZE = 8;

const PAGES_PER_MIB = 16;
const TABLE_WITH_INITIALIZER = 0x40;

export function limitMemory(reader: Reader, writer: Writer, { memoryPages }: Limits): void {
  const at = reader.position;
  const { initial, maximum } = readExtent(reader, 'memory', at);
  if (initial > memoryPages)
    refuse(
      'memory-too-large',
      `The memory at offset ${at} begins with ${mebibytes(initial)}, ${mebibytes(memoryPages)} are allowed. Build with a smaller stack and less static data.`,
    );
  writeExtent(writer, initial, Math.min(maximum, memoryPages));
}

export function limitTable(reader: Reader, writer: Writer, { tableElements }: Limits): void {
  const at = reader.position;
  if (reader.peek() === TABLE_WITH_INITIALIZER)
    refuse(
      'garbage-collection',
      `The table at offset ${at} has an initial value, a feature of typed references. Build for WebAssembly 2.0.`,
    );
  const type = readReferenceType(reader);
  if (type === EXNREF) refuse('exception-too-large', exceptionTable(at));
  const { initial, maximum } = readExtent(reader, 'table', at);
  if (initial > tableElements)
    refuse(
      'table-too-large',
      `The table at offset ${at} begins with ${initial} elements, ${tableElements} are allowed. Fewer functions whose address is taken make it smaller.`,
    );
  writer.byte(type);
  writeExtent(writer, initial, Math.min(maximum, tableElements));
}

interface Extent {
  readonly initial: number;
  /** Infinity where none is said. */
  readonly maximum: number;
}

function readExtent(reader: Reader, what: 'memory' | 'table', at: number): Extent {
  const flags = reader.byte();
  const where = `The ${what} at offset ${at}`;
  if (flags & SHARED) refuse('shared-memory', `${where} is shared between threads. Build without threads.`);
  if (flags & IS_64)
    refuse(
      what === 'memory' ? 'memory64' : 'table64',
      `${where} has addresses of 64 bits. Build for wasm32.`,
    );
  if (flags & CUSTOM_PAGE_SIZE)
    refuse('custom-page-size', `${where} has pages of its own size. Build with pages of 64 KiB.`);
  if (flags > HAS_MAXIMUM) refuse('unknown-encoding', `${where} has the unknown flags ${hex(flags)}.`);
  const initial = reader.u32();
  return { initial, maximum: flags & HAS_MAXIMUM ? reader.u32() : Number.POSITIVE_INFINITY };
}

function writeExtent(writer: Writer, initial: number, maximum: number): void {
  writer.byte(HAS_MAXIMUM);
  writer.u32(initial);
  writer.u32(maximum);
}

const mebibytes = (pages: number): string => `${Number((pages / PAGES_PER_MIB).toFixed(2))} MiB`;

/** Exceptions live on the engine's heap, which no size of ours bounds. */
const exceptionTable = (at: number): string =>
  `The table at offset ${at} holds exceptions, which would keep any number of them alive. Keep them in locals.`;
