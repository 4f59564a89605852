import { createCharges } from './charge.ts';
import { moveConstant } from './constants.ts';
import { limitMemory, limitTable } from './extents.ts';
import { meterFunction } from './function.ts';
import { type Globals, globalsAfter, skipGlobalType } from './globals.ts';
import { FUEL, type Limits } from './limits.ts';
import type { Reader } from './reader.ts';
import { hex, refuse } from './refusal.ts';
import { moveData, moveElements } from './segments.ts';
import { readTag } from './tags.ts';
import { readSignatures, readVector, type Signature } from './types.ts';
import type { Writer } from './writer.ts';

/** A module while its sections are rewritten, in the order in which they stand. */
export interface Module {
  readonly limits: Limits;
  signatures: readonly Signature[];
  /** The signature of each function, imported ones first. */
  readonly functions: Signature[];
  importedFunctions: number;
  /** How many values the exceptions of each tag carry, imported ones first. */
  readonly tags: number[];
  memories: number;
  tables: number;
  globals: Globals;
}

export const createModule = (limits: Limits): Module => ({
  limits,
  signatures: [],
  functions: [],
  importedFunctions: 0,
  tags: [],
  memories: 0,
  tables: 0,
  globals: globalsAfter(0),
});

/** Rewrites a section's content. */
export type Rewrite = (section: Reader, writer: Writer, module: Module) => void;

/** Each table takes 24 to 32 bytes an element. Compilers make one or two. */
const MOST_TABLES = 8;

export const IMPORTS = 2;

export const SECTIONS = new Map<number, Rewrite>([
  [1, types],
  [IMPORTS, imports],
  [3, functions],
  [4, tables],
  [5, memories],
  [6, globals],
  [7, exports],
  [8, unchanged], // start
  [9, elements],
  [10, code],
  [11, data],
  [12, unchanged], // how many data segments there are
  [13, tags],
]);

function unchanged(section: Reader, writer: Writer): void {
  writer.bytes(section.bytes(section.bytesLeft));
}

function types(section: Reader, writer: Writer, module: Module): void {
  const from = section.position;
  module.signatures = readSignatures(section);
  writer.bytes(section.since(from));
}

/** Kinds of imports and exports. */
const FUNCTION = 0;
const TABLE = 1;
const MEMORY = 2;
const GLOBAL = 3;
const TAG = 4;

const I64 = 0x7e;
const MUTABLE = 1;

/** Fuel becomes the last import, so that the indices of the imported stay what they are. */
function imports(section: Reader, writer: Writer, module: Module): void {
  const count = section.u32();
  writer.u32(count + 1);
  let importedGlobals = 0;
  for (let i = 0; i < count; i++) if (moveImport(section, writer, module) === GLOBAL) importedGlobals++;
  module.globals = globalsAfter(importedGlobals);
  module.importedFunctions = module.functions.length;
  importFuel(writer);
}

/** The content of an import section where the original has none. */
export function onlyFuel(writer: Writer): void {
  writer.u32(1);
  importFuel(writer);
}

function importFuel(writer: Writer): void {
  writer.text(FUEL.module);
  writer.text(FUEL.name);
  writer.bytes([GLOBAL, I64, MUTABLE]);
}

/** @returns what kind of thing is imported */
function moveImport(section: Reader, writer: Writer, module: Module): number {
  const at = section.position;
  if (section.text() === FUEL.module)
    refuse(
      'reserved-import',
      `The import at offset ${at} is from ${FUEL.module}, which is not for guests. Remove it.`,
    );
  section.text();
  const kind = section.byte();
  writer.bytes(section.since(at));
  moveImported(kind, section, writer, module);
  return kind;
}

function moveImported(kind: number, section: Reader, writer: Writer, module: Module): void {
  const from = section.position;
  if (kind === TABLE) oneTable(section, writer, module);
  else if (kind === MEMORY) oneMemory(section, writer, module);
  else {
    noteImported(kind, section, module);
    writer.bytes(section.since(from));
  }
}

function noteImported(kind: number, section: Reader, module: Module): void {
  const at = section.position;
  if (kind === FUNCTION) module.functions.push(signatureAt(section, module));
  else if (kind === GLOBAL) skipGlobalType(section);
  else if (kind === TAG) module.tags.push(readTag(section, module.signatures));
  else refuse('unknown-encoding', `The import before offset ${at} is of the unknown kind ${hex(kind)}.`);
}

function signatureAt(section: Reader, { signatures }: Module): Signature {
  const at = section.position;
  return (
    signatures[section.u32()] ?? refuse('unknown-encoding', `The function type at offset ${at} is not known.`)
  );
}

function functions(section: Reader, writer: Writer, module: Module): void {
  const from = section.position;
  for (const signature of readVector(section, (reader) => signatureAt(reader, module)))
    module.functions.push(signature);
  writer.bytes(section.since(from));
}

function tables(section: Reader, writer: Writer, module: Module): void {
  copyVector(section, writer, () => oneTable(section, writer, module));
}

function oneTable(section: Reader, writer: Writer, module: Module): void {
  if (++module.tables > MOST_TABLES)
    refuse(
      'too-many-tables',
      `There is a table too many at offset ${section.position}: ${MOST_TABLES} are allowed.`,
    );
  limitTable(section, writer, module.limits);
}

function memories(section: Reader, writer: Writer, module: Module): void {
  copyVector(section, writer, () => oneMemory(section, writer, module));
}

function oneMemory(section: Reader, writer: Writer, module: Module): void {
  if (++module.memories > 1)
    refuse(
      'multiple-memories',
      `There is a second memory at offset ${section.position}. Build with one memory.`,
    );
  limitMemory(section, writer, module.limits);
}

function tags(section: Reader, writer: Writer, module: Module): void {
  const from = section.position;
  module.tags.push(...readVector(section, (reader) => readTag(reader, module.signatures)));
  writer.bytes(section.since(from));
}

function globals(section: Reader, writer: Writer, module: Module): void {
  copyVector(section, writer, () => {
    const from = section.position;
    skipGlobalType(section);
    writer.bytes(section.since(from));
    moveConstant(section, writer, module.globals);
  });
}

function exports(section: Reader, writer: Writer, module: Module): void {
  copyVector(section, writer, () => {
    const from = section.position;
    section.text();
    const kind = section.byte();
    writer.bytes(section.since(from));
    const index = section.u32();
    writer.u32(kind === GLOBAL ? module.globals.moved(index) : index);
  });
}

function elements(section: Reader, writer: Writer, module: Module): void {
  copyVector(section, writer, () => moveElements(section, writer, module.globals));
}

function data(section: Reader, writer: Writer, module: Module): void {
  copyVector(section, writer, () => moveData(section, writer, module.globals));
}

function code(section: Reader, writer: Writer, module: Module): void {
  const charges = createCharges(module.globals.fuel, module.limits);
  const scope = { ...module, charges };
  let index = module.importedFunctions;
  copyVector(section, writer, () => {
    const body = section.part(section.u32());
    const signature =
      module.functions[index++] ?? refuse('unknown-encoding', 'There is more code than functions.');
    const metered = meterFunction(body, signature, scope);
    writer.u32(metered.length);
    writer.bytes(metered);
  });
}

function copyVector(section: Reader, writer: Writer, copyOne: () => void): void {
  const count = section.u32();
  writer.u32(count);
  for (let i = 0; i < count; i++) copyOne();
}
