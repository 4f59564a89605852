import { err, ok, type Result } from '../../src/core/result.ts';
import { DEFAULT_LIMITS, type Limits } from './limits.ts';
import { createModule, IMPORTS, type Module, onlyFuel, type Rewrite, SECTIONS } from './module.ts';
import { createReader, type Reader } from './reader.ts';
import { type LimitRefusal, Refused, refuse } from './refusal.ts';
import { createWriter, type Writer } from './writer.ts';

/** All that is needed here of what the types of Node leave out. */
declare const WebAssembly: { validate(bytes: Uint8Array): boolean };

/**
 * Rewrites an untrusted core module so that it meters itself and cannot grow beyond what is allowed. All modules of a
 * component are given the same fuel, so that they share it; what they start with is metered too.
 *
 * The module must be valid as it stands: one that sets a global that does not exist yet would set its own fuel once
 * there is one more. What is not known, down to single instructions, is refused. Custom sections are left out.
 *
 * One pass: time and room are proportional to the module's bytes. It holds the thread meanwhile, 150 to 250 ms for
 * each MB, so it has no place in a server's process.
 */
export function limitModule(
  bytes: Uint8Array,
  limits: Limits = DEFAULT_LIMITS,
): Result<Uint8Array<ArrayBuffer>, LimitRefusal> {
  try {
    return ok(rewrite(Uint8Array.from(bytes), limits));
  } catch (error) {
    if (error instanceof Refused) return err(error.refusal);
    throw error;
  }
}

function rewrite(bytes: Uint8Array<ArrayBuffer>, limits: Limits): Uint8Array<ArrayBuffer> {
  if (!WebAssembly.validate(bytes))
    refuse('invalid-module', 'This is not a valid WebAssembly module. Build it anew, for WebAssembly 2.0.');
  const output = Uint8Array.from(rewriteSections(createReader(bytes), createModule(limits)));
  if (!WebAssembly.validate(output))
    refuse(
      'unfit-when-metered',
      'The module is not valid any more once it is metered: a function may have become too large. Split large functions.',
    );
  return output;
}

/** Magic number and version. */
const PREAMBLE = 8;
const CUSTOM = 0;

function rewriteSections(input: Reader, module: Module): Uint8Array {
  const output = createWriter(input.bytesLeft * 2);
  const content = createWriter(input.bytesLeft);
  const write = (id: number, fill: (writer: Writer) => void): void => {
    content.clear();
    fill(content);
    output.byte(id);
    output.u32(content.length);
    output.bytes(content.view());
  };

  output.bytes(input.bytes(PREAMBLE));
  let hasFuel = false;
  while (!input.isAtEnd) {
    const at = input.position;
    const id = input.byte();
    const section = input.part(input.u32());
    if (id === CUSTOM) continue;
    const rewriteContent = SECTIONS.get(id) ?? refuseSection(id, at);
    if (!hasFuel && id > IMPORTS) write(IMPORTS, onlyFuel);
    hasFuel ||= id >= IMPORTS;
    write(id, (writer) => rewriteWhole(rewriteContent, section, writer, module));
  }
  if (!hasFuel) write(IMPORTS, onlyFuel);
  return output.view();
}

function rewriteWhole(rewriteContent: Rewrite, section: Reader, writer: Writer, module: Module): void {
  rewriteContent(section, writer, module);
  if (!section.isAtEnd)
    refuse('unknown-encoding', `Something follows the end of a section at offset ${section.position}.`);
}

const refuseSection = (id: number, at: number): never =>
  refuse(
    'unknown-section',
    `The section at offset ${at} is of the unknown kind ${id}. Build for WebAssembly 2.0.`,
  );
