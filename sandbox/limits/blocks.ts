import type { Charges } from './charge.ts';
import { createWriter, type Writer } from './writer.ts';

/**
 * The code of a function as a sequence of basic blocks: each is charged as a whole where it begins, so what it costs
 * is collected until it ends.
 */
export interface Blocks {
  /** Where the code of the current block goes. */
  readonly code: Writer;
  /** Whether the current block never runs. */
  readonly isUnreachable: boolean;
  cost(units: number): void;
  /** Ends the current block and begins one that is charged, and checked where control arrives from afar. */
  begin(options?: { readonly isChecked: boolean }): void;
  /** Ends the current block. What follows until the next `begin` never runs and is not charged. */
  beginUnreachable(): void;
  /** Ends the last block. */
  finish(): void;
}

export function createBlocks(output: Writer, charges: Charges): Blocks {
  const code = createWriter();
  let units = 0;
  let isChecked = true;
  let isFirst = true;
  let isUnreachable = false;

  const close = (): void => {
    if (!isUnreachable && units > 0) charges.fixed(output, units);
    if (!isUnreachable && isChecked) charges.check(output);
    output.bytes(code.view());
    code.clear();
    units = 0;
    isFirst = false;
  };

  return {
    code,
    get isUnreachable() {
      return isUnreachable;
    },
    cost(more) {
      units += more;
    },
    begin(options = { isChecked: false }) {
      close();
      isChecked = options.isChecked;
      isUnreachable = false;
    },
    beginUnreachable() {
      close();
      isUnreachable = true;
    },
    finish() {
      // Nothing but the way back to the caller follows, and the caller checks.
      if (units === 0 && !isFirst) isChecked = false;
      close();
    },
  };
}
