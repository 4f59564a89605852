import { moveConstant } from './constants.ts';
import type { Globals } from './globals.ts';
import type { Reader } from './reader.ts';
import { hex, refuse } from './refusal.ts';
import { readReferenceType } from './types.ts';
import type { Writer } from './writer.ts';

/** The bits of an element segment's flags. */
const NOT_ACTIVE = 1;
const HAS_TABLE = 2;
const HAS_EXPRESSIONS = 4;
const HIGHEST_ELEMENT_FLAGS = 7;

export function moveElements(reader: Reader, writer: Writer, globals: Globals): void {
  const at = reader.position;
  const flags = reader.u32();
  if (flags > HIGHEST_ELEMENT_FLAGS) refuseFlags('element', flags, at);
  const isActive = (flags & NOT_ACTIVE) === 0;
  if (isActive && flags & HAS_TABLE) reader.skipNumber();
  writer.bytes(reader.since(at));
  if (isActive) moveConstant(reader, writer, globals);
  const from = reader.position;
  if (flags & (NOT_ACTIVE | HAS_TABLE)) skipKind(reader, flags);
  const count = reader.u32();
  if (flags & HAS_EXPRESSIONS) {
    writer.bytes(reader.since(from));
    for (let i = 0; i < count; i++) moveConstant(reader, writer, globals);
  } else {
    for (let i = 0; i < count; i++) reader.skipNumber();
    writer.bytes(reader.since(from));
  }
}

function skipKind(reader: Reader, flags: number): void {
  if (flags & HAS_EXPRESSIONS) readReferenceType(reader);
  else reader.skip(1);
}

const PASSIVE = 1;
const HAS_MEMORY = 2;

export function moveData(reader: Reader, writer: Writer, globals: Globals): void {
  const at = reader.position;
  const flags = reader.u32();
  if (flags > HAS_MEMORY) refuseFlags('data', flags, at);
  if (flags === HAS_MEMORY) reader.skipNumber();
  writer.bytes(reader.since(at));
  if (flags !== PASSIVE) moveConstant(reader, writer, globals);
  const size = reader.u32();
  writer.u32(size);
  writer.bytes(reader.bytes(size));
}

const refuseFlags = (what: string, flags: number, at: number): never =>
  refuse('unknown-encoding', `The ${what} segment at offset ${at} has the unknown flags ${hex(flags)}.`);
