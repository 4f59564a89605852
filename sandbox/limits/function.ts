import { createBlocks } from './blocks.ts';
import { valuesCost } from './costs.ts';
import { meterInstruction } from './instruction.ts';
import { createLabels } from './labels.ts';
import type { Metered } from './metered.ts';
import type { Reader } from './reader.ts';
import { refuse } from './refusal.ts';
import type { Scope } from './scope.ts';
import { type Signature, skipValueType } from './types.ts';
import { createWriter } from './writer.ts';

const I32 = 0x7f;

/**
 * Copies a function's body so that it takes fuel as it runs. Every basic block is charged before it runs. Whether fuel
 * is spent is looked at wherever control arrives from elsewhere: at the entry, at the head of a loop, after a call and
 * where an exception is caught. So what runs unnoticed is at most the length of one function, whatever the depth of
 * the stack.
 */
export function meterFunction(body: Reader, signature: Signature, scope: Scope): Uint8Array {
  const at = body.position;
  const locals = readLocals(body);
  const code = createWriter(body.bytesLeft * 2);
  const metered: Metered = {
    body,
    scope,
    blocks: createBlocks(code, scope.charges),
    labels: createLabels(signature.results),
    scratch: signature.params + locals.count,
    usesScratch: false,
    isFinished: false,
  };
  // The engine clears all of them on every call.
  metered.blocks.cost(valuesCost(locals.count));
  while (!metered.isFinished) meterInstruction(metered);
  if (!body.isAtEnd) refuse('unknown-encoding', `Something follows the end of the function at offset ${at}.`);
  return assemble(locals, metered.usesScratch, code.view());
}

function assemble(locals: Locals, usesScratch: boolean, code: Uint8Array): Uint8Array {
  const writer = createWriter(code.length + locals.bytes.length + 8);
  writer.u32(locals.groups + (usesScratch ? 1 : 0));
  writer.bytes(locals.bytes);
  if (usesScratch) writer.bytes([1, I32]);
  writer.bytes(code);
  return writer.view();
}

interface Locals {
  readonly groups: number;
  readonly count: number;
  /** Their declarations without the number of groups. */
  readonly bytes: Uint8Array;
}

function readLocals(body: Reader): Locals {
  const groups = body.u32();
  const from = body.position;
  let count = 0;
  for (let i = 0; i < groups; i++) {
    count += body.u32();
    skipValueType(body);
  }
  return { groups, count, bytes: body.since(from) };
}
