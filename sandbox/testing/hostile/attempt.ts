import { FUEL, type Limits, limitModule } from '../../limits/index.ts';

/** Lets one module try, in a process that may be killed, and says how that ended. */

export interface Attempt {
  readonly bytes: Uint8Array;
  readonly fuel: bigint;
  readonly limits?: Limits;
}

export type Ending =
  | { readonly kind: 'refused'; readonly rule: string }
  | {
      readonly kind: 'returned' | 'trapped' | 'stack';
      readonly fuelLeft: bigint;
      /** The memory that it exports, in pages, and the elements of its table. */
      readonly pages: number;
      readonly elements: number;
      /** What a second call cost: nothing but its entry where fuel was spent. */
      readonly secondCall: bigint;
    };

interface Exports {
  readonly run?: () => unknown;
  readonly memory?: { readonly buffer: ArrayBuffer };
  readonly table?: { readonly length: number };
}

declare const WebAssembly: {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object, imports: object) => { readonly exports: Exports };
  readonly Global: new (type: { value: 'i64'; mutable: true }, value: bigint) => { value: bigint };
  readonly RuntimeError: ErrorConstructor;
};

const PAGE = 65_536;

process.once('message', (attempt: Attempt) => {
  process.send?.(make(attempt));
  process.disconnect?.();
});

function make({ bytes, fuel, limits }: Attempt): Ending {
  const limited = limitModule(bytes, limits);
  if (!limited.ok) return { kind: 'refused', rule: limited.error.rule };
  const left = new WebAssembly.Global({ value: 'i64', mutable: true }, fuel);
  const imports = { host: { call() {} }, [FUEL.module]: { [FUEL.name]: left } };
  let exports: Exports = {};
  const kind = endOf(() => {
    exports = new WebAssembly.Instance(new WebAssembly.Module(limited.value), imports).exports;
    exports.run?.();
  });
  const fuelLeft = left.value;
  const again = endOf(() => exports.run?.());
  return {
    kind: again === 'returned' && exports.run ? 'returned' : kind,
    fuelLeft,
    pages: (exports.memory?.buffer.byteLength ?? 0) / PAGE,
    elements: exports.table?.length ?? 0,
    secondCall: fuelLeft - left.value,
  };
}

function endOf(work: () => void): 'returned' | 'trapped' | 'stack' {
  try {
    work();
    return 'returned';
  } catch (error) {
    if (error instanceof WebAssembly.RuntimeError) return 'trapped';
    if (error instanceof RangeError) return 'stack';
    throw error;
  }
}
