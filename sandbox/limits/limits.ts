/** What a module may take hold of. Its time is bounded by fuel, not here. */
export interface Limits {
  /** WASM pages of 64 KiB a memory may have. */
  readonly memoryPages: number;
  /** Elements a table may have. */
  readonly tableElements: number;
}

/** 10 MiB of memory; tools in Rust and JavaScript begin with 1.1 to 1.4 MiB. */
export const DEFAULT_LIMITS: Limits = { memoryPages: 160, tableElements: 10_000 };

/** Where a limited module finds its fuel: a mutable i64 global that it imports. */
export const FUEL = { module: 'ironbark:limits', name: 'fuel' } as const;
