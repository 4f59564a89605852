/** A place that branches may lead to. */
export interface Label {
  readonly kind: 'function' | 'block' | 'loop' | 'if' | 'try';
  /** Values that a branch to it moves. */
  readonly arity: number;
  /** Whether control reaches its end in another way than by running through. */
  isJoined: boolean;
  /** Whether exceptions lead to its end. */
  isCatching: boolean;
}

/** The blocks that are open, the innermost last. Constructs nest without bound, so they lie in an array. */
export interface Labels {
  open(kind: Label['kind'], arity: number): void;
  /** The label that is closed, and whether it was the function's own. */
  close(): { readonly label: Label; readonly isLast: boolean };
  /** Notes a branch. @returns how many values it moves */
  branchTo(depth: number): number;
  catchAt(depth: number): void;
  /** Values that the function leaves. */
  readonly results: number;
  /** The innermost `try` goes on at its end after a handler. */
  join(): void;
}

const NOWHERE: Label = { kind: 'block', arity: 0, isJoined: true, isCatching: true };

export function createLabels(functionResults: number): Labels {
  const stack: Label[] = [labelOf('function', functionResults)];
  const at = (depth: number): Label => stack[stack.length - 1 - depth] ?? NOWHERE;

  return {
    results: functionResults,
    open: (kind, arity) => void stack.push(labelOf(kind, arity)),
    close() {
      const label = stack.pop() ?? NOWHERE;
      return { label, isLast: stack.length === 0 };
    },
    branchTo(depth) {
      const label = at(depth);
      if (label.kind !== 'loop') label.isJoined = true;
      return label.arity;
    },
    catchAt(depth) {
      const label = at(depth);
      if (label.kind === 'loop') return;
      label.isJoined = true;
      label.isCatching = true;
    },
    join() {
      at(0).isJoined = true;
    },
  };
}

const labelOf = (kind: Label['kind'], arity: number): Label => ({
  kind,
  arity,
  isJoined: kind === 'if',
  isCatching: false,
});
