import { readBlockType } from './block-type.ts';
import { IMPORTED_CALL, THROW, THROWN_VALUE, valuesCost } from './costs.ts';
import type { Label } from './labels.ts';
import type { Metered, Treatment } from './metered.ts';
import type { Reader } from './reader.ts';
import { hex, refuse } from './refusal.ts';
import type { Signature } from './types.ts';

export function open(kind: Label['kind']): Treatment {
  return ({ body, blocks, labels, scope }, at) => {
    const signature = readBlockType(body, scope.signatures);
    labels.open(kind, arityOf(kind, signature));
    blocks.cost(blockCost(signature) + (kind === 'if' ? 1 : 0));
    blocks.code.bytes(body.since(at));
    if (kind === 'loop') blocks.begin({ isChecked: true });
    if (kind === 'if') blocks.begin();
  };
}

const arityOf = (kind: Label['kind'], { params, results }: Signature): number =>
  kind === 'loop' ? params : results;

const blockCost = ({ params, results }: Signature): number => valuesCost(params + results);

/** The highest kind of a handler, and the bit that says that it takes every exception and so names no tag. */
const HIGHEST_HANDLER = 3;
const TAKES_ALL = 2;

export function openTryTable({ body, blocks, labels, scope }: Metered, at: number): void {
  const signature = readBlockType(body, scope.signatures);
  for (let left = body.u32(); left > 0; left--) {
    const handlerAt = body.position;
    const kind = body.byte();
    if (kind > HIGHEST_HANDLER)
      refuse('unknown-encoding', `The handler at offset ${handlerAt} has the unknown kind ${hex(kind)}.`);
    if (!(kind & TAKES_ALL)) body.skipNumber();
    labels.catchAt(body.u32());
  }
  labels.open('block', signature.results);
  blocks.cost(blockCost(signature));
  blocks.code.bytes(body.since(at));
}

export function otherwise({ body, blocks }: Metered, at: number): void {
  blocks.code.bytes(body.since(at));
  blocks.begin();
}

export function handle(skip: (body: Reader) => void): Treatment {
  return ({ body, blocks, labels }, at) => {
    skip(body);
    labels.join();
    blocks.code.bytes(body.since(at));
    blocks.begin({ isChecked: true });
  };
}

export function close(skip: (body: Reader) => void): Treatment {
  return (metered, at) => {
    const { body, blocks, labels } = metered;
    skip(body);
    const { label, isLast } = labels.close();
    blocks.code.bytes(body.since(at));
    metered.isFinished = isLast;
    if (isLast) blocks.finish();
    else if (label.isJoined || blocks.isUnreachable) blocks.begin({ isChecked: label.isCatching });
  };
}

export function branchIf({ body, blocks, labels }: Metered, at: number): void {
  blocks.cost(1 + valuesCost(labels.branchTo(body.u32())));
  blocks.code.bytes(body.since(at));
  blocks.begin();
}

/** An instruction that nothing follows directly. */
export function leave(costOf: (metered: Metered) => number): Treatment {
  return (metered, at) => {
    const { body, blocks } = metered;
    blocks.cost(costOf(metered));
    blocks.code.bytes(body.since(at));
    blocks.beginUnreachable();
  };
}

export const branched = ({ body, labels }: Metered): number => 1 + valuesCost(labels.branchTo(body.u32()));

export function branchedByTable({ body, labels }: Metered): number {
  for (let left = body.u32(); left > 0; left--) labels.branchTo(body.u32());
  return 1 + valuesCost(labels.branchTo(body.u32()));
}

export const thrown = ({ body, scope }: Metered): number =>
  THROW + THROWN_VALUE * (scope.tags[body.u32()] ?? 0);

export function rethrown({ body }: Metered): number {
  body.skipNumber();
  return THROW;
}

/** @param costOf reads what is called */
export function call(costOf: (metered: Metered) => number): Treatment {
  return (metered, at) => {
    const { body, blocks } = metered;
    blocks.cost(costOf(metered));
    blocks.code.bytes(body.since(at));
    blocks.begin({ isChecked: true });
  };
}

/** @returns what a call of the function costs whose index comes next */
export function calledFunction({ body, scope }: Metered): number {
  const index = body.u32();
  return callCost(scope.functions[index]) + (index < scope.importedFunctions ? IMPORTED_CALL : 0);
}

/** @returns what a call by way of a table costs */
export function calledType({ body, scope }: Metered): number {
  const type = body.u32();
  body.skipNumber();
  return callCost(scope.signatures[type]);
}

const callCost = (signature: Signature | undefined): number => 1 + (signature ? blockCost(signature) : 0);
