import type { Bridge } from './bridge.ts';

/** What the glue of a component expects of its surroundings beyond the language itself. */
export function installGlobals(bridge: Bridge): void {
  const define = (name: string, value: unknown): void => {
    Object.defineProperty(globalThis, name, { value, writable: true, configurable: true });
  };
  define('TextEncoder', textEncoder(bridge));
  define('TextDecoder', textDecoder(bridge));
  define('setTimeout', (callback: () => void, milliseconds = 0) => bridge.setTimer(callback, milliseconds));
  define('clearTimeout', (timer: number) => bridge.clearTimer(timer));
  define('queueMicrotask', (callback: () => void) => {
    Promise.resolve().then(callback);
  });
}

function textEncoder(bridge: Bridge): unknown {
  const counts = new Uint32Array(2);
  const encodeInto = (
    text: string,
    into: Uint8Array,
  ): { readonly read: number; readonly written: number } => {
    bridge.encodeInto(text, into, counts);
    return { read: counts[0] ?? 0, written: counts[1] ?? 0 };
  };
  return class TextEncoder {
    encodeInto(text: string, into: Uint8Array) {
      return encodeInto(text, into);
    }
    encode(text: string): Uint8Array {
      // A UTF-16 code unit takes three bytes at most.
      const room = new Uint8Array(text.length * 3);
      return room.slice(0, encodeInto(text, room).written);
    }
  };
}

function textDecoder(bridge: Bridge): unknown {
  return class TextDecoder {
    readonly #wide: boolean;
    constructor(label = 'utf-8') {
      this.#wide = label.startsWith('utf-16');
    }
    decode(bytes: Uint8Array = new Uint8Array()): string {
      const text = this.#wide ? decodeWide(bytes) : bridge.decode(bytes);
      if (text === undefined) throw new TypeError('The bytes cannot be decoded.');
      return text;
    }
  };
}

function decodeWide(bytes: Uint8Array): string {
  const units = new Uint16Array(bytes.slice().buffer);
  let text = '';
  for (let at = 0; at < units.length; at += 4096)
    text += String.fromCharCode(...units.subarray(at, at + 4096));
  return text;
}
