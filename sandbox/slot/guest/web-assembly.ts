/** The part of the WebAssembly interface that is used here; neither Node's types nor ES2024 declare it. */
export interface WasmGlobal {
  value: bigint;
}

export interface WasmMemory {
  readonly buffer: ArrayBufferLike;
}

export interface WasmModule {
  readonly [Symbol.toStringTag]: string;
}

export interface WasmInstance {
  readonly exports: Readonly<Record<string, unknown>>;
}

export type WasmImports = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

interface Api {
  readonly Module: new (bytes: Uint8Array) => WasmModule;
  readonly Instance: new (module: WasmModule, imports: WasmImports) => WasmInstance;
  readonly Memory: { readonly prototype: WasmMemory } & (new (type: {
    readonly initial: number;
  }) => WasmMemory);
  readonly Global: new (
    type: { readonly value: 'i64'; readonly mutable: boolean },
    value: bigint,
  ) => WasmGlobal;
  readonly RuntimeError: ErrorConstructor;
}

declare const WebAssembly: Api;

export const wasm: Api = WebAssembly;
