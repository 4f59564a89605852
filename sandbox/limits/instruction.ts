import type { Size } from './charge.ts';
import {
  branched,
  branchedByTable,
  branchIf,
  call,
  calledFunction,
  calledType,
  close,
  handle,
  leave,
  open,
  openTryTable,
  otherwise,
  rethrown,
  thrown,
} from './control.ts';
import { BULK, GROW, TABLE_SET, THROW, valuesCost } from './costs.ts';
import { skipImmediate } from './immediates.ts';
import type { Metered, Treatment } from './metered.ts';
import { hasSubOpcode, immediateOf, refuseInstruction } from './opcodes.ts';

/** All but the plain: what shapes control, names a global, or costs more than one unit. */
const TREATMENTS = new Map<number, Treatment>([
  [0x00, leave(() => 1)], // unreachable
  [0x01, copy(0)], // nop
  [0x02, open('block')],
  [0x03, open('loop')],
  [0x04, open('if')],
  [0x05, otherwise], // else
  [0x06, open('try')],
  [0x07, handle((body) => body.skipNumber())], // catch
  [0x08, leave(thrown)], // throw
  [0x09, leave(rethrown)], // rethrow
  [0x0a, leave(() => THROW)], // throw_ref
  [0x0b, close(() => {})], // end
  [0x0c, leave(branched)], // br
  [0x0d, branchIf],
  [0x0e, leave(branchedByTable)], // br_table
  [0x0f, leave(({ labels }) => 1 + valuesCost(labels.results))], // return
  [0x10, call(calledFunction)],
  [0x11, call(calledType)], // call_indirect
  [0x12, leave(calledFunction)], // return_call
  [0x13, leave(calledType)], // return_call_indirect
  [0x18, close((body) => body.skipNumber())], // delegate
  [0x19, handle(() => {})], // catch_all
  [0x1f, openTryTable],
  [0x23, nameGlobal(0x23)], // global.get
  [0x24, nameGlobal(0x24)], // global.set
  [0x26, copy(TABLE_SET, 1)], // table.set
  [0x40, sized('new-pages', GROW, 1)], // memory.grow
]);

const BULK_PREFIX = 0xfc;

/** After that prefix. */
const BULK_TREATMENTS = new Map<number, Treatment>([
  [0x08, sized('bytes', BULK, 2)], // memory.init
  [0x0a, sized('bytes', BULK, 2)], // memory.copy
  [0x0b, sized('bytes', BULK, 1)], // memory.fill
  [0x0c, sized('elements', BULK, 2)], // table.init
  [0x0e, sized('elements', BULK, 2)], // table.copy
  [0x0f, sized('new-elements', GROW, 1)], // table.grow
  [0x11, sized('elements', BULK, 1)], // table.fill
]);

function copy(cost: number, indices = 0): Treatment {
  return ({ body, blocks }, at) => {
    for (let i = 0; i < indices; i++) body.skipNumber();
    blocks.cost(cost);
    blocks.code.bytes(body.since(at));
  };
}

function sized(size: Size, cost: number, indices: number): Treatment {
  const copied = copy(cost, indices);
  return (metered, at) => {
    metered.scope.charges.bySize(metered.blocks.code, size, metered.scratch);
    metered.usesScratch = true;
    copied(metered, at);
  };
}

function nameGlobal(opcode: number): Treatment {
  return ({ body, blocks, scope }) => {
    blocks.cost(1);
    blocks.code.byte(opcode);
    blocks.code.u32(scope.globals.moved(body.u32()));
  };
}

/** Copies the next instruction, says what it costs, and where the basic block ends. */
export function meterInstruction(metered: Metered): void {
  const { body, blocks } = metered;
  const at = body.position;
  const opcode = body.byte();
  const sub = hasSubOpcode(opcode) ? body.u32() : 0;
  const treatment = opcode === BULK_PREFIX ? BULK_TREATMENTS.get(sub) : TREATMENTS.get(opcode);
  if (treatment) {
    treatment(metered, at);
    return;
  }
  skipImmediate(body, immediateOf(opcode, sub) ?? refuseInstruction(opcode, sub, at));
  blocks.cost(1);
  blocks.code.bytes(body.since(at));
}
