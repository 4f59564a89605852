/** The part of the WebAssembly interface that is used here, which neither Node's types nor ES2024 declare. */

export interface WasmGlobal {
  value: unknown;
}

export interface WasmMemory {
  readonly buffer: ArrayBuffer;
}

interface Extent {
  readonly initial: number;
  readonly maximum: number;
}

interface Api {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (
    module: object,
    imports: object,
  ) => { readonly exports: Readonly<Record<string, unknown>> };
  readonly Global: new (
    type: { readonly value: string; readonly mutable: boolean },
    value: unknown,
  ) => WasmGlobal;
  readonly Memory: new (extent: Extent) => WasmMemory;
  readonly RuntimeError: ErrorConstructor;
  readonly LinkError: ErrorConstructor;
  readonly CompileError: ErrorConstructor;
  readonly Exception: new (...input: never) => object;
  validate(bytes: Uint8Array): boolean;
}

declare const WebAssembly: Api;

export const wasm: Api = WebAssembly;
