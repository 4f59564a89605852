import type { Reader } from './reader.ts';
import { hex, refuse } from './refusal.ts';

/** How many values a function or a block takes and leaves. */
export interface Signature {
  readonly params: number;
  readonly results: number;
}

const FUNCTION_TYPE = 0x60;

/** Of the garbage collection proposal: recursive groups, subtypes, structures and arrays. */
const GC_TYPES: readonly number[] = [0x4e, 0x4f, 0x50, 0x5e, 0x5f];

const NUMBERS_AND_VECTORS: readonly number[] = [0x7f, 0x7e, 0x7d, 0x7c, 0x7b];
export const EXNREF = 0x69;
/** funcref, externref, exnref. */
const REFERENCES: readonly number[] = [0x70, 0x6f, EXNREF];

export const readSignatures = (section: Reader): Signature[] => readVector(section, readSignature);

function readSignature(section: Reader): Signature {
  const at = section.position;
  const form = section.byte();
  if (GC_TYPES.includes(form)) refuseType(form, at);
  if (form !== FUNCTION_TYPE)
    refuse('unknown-encoding', `The type at offset ${at} has the unknown form ${hex(form)}.`);
  const params = skipValueTypes(section);
  return { params, results: skipValueTypes(section) };
}

/** @returns how many there were */
export function skipValueTypes(reader: Reader): number {
  const count = reader.u32();
  for (let i = 0; i < count; i++) skipValueType(reader);
  return count;
}

export function skipValueType(reader: Reader): void {
  const at = reader.position;
  const type = reader.byte();
  if (!NUMBERS_AND_VECTORS.includes(type) && !REFERENCES.includes(type)) refuseType(type, at);
}

/** @returns the type's byte */
export function readReferenceType(reader: Reader): number {
  const at = reader.position;
  const type = reader.byte();
  return REFERENCES.includes(type) ? type : refuseType(type, at);
}

export function readVector<T>(reader: Reader, readOne: (reader: Reader) => T): T[] {
  const all: T[] = [];
  for (let left = reader.u32(); left > 0; left--) all.push(readOne(reader));
  return all;
}

const refuseType = (type: number, at: number): never =>
  refuse(
    'garbage-collection',
    `The type ${hex(type)} at offset ${at} belongs to the garbage collection or typed references proposal. Build for WebAssembly 2.0.`,
  );
