import { readFile } from 'node:fs/promises';
import { parse } from '@bytecodealliance/jco-transpile/wasm-tools';
import { componentOf, keep, readWit } from './component.ts';

/**
 * `echo` logs its params and gives them back. `tool` does what the first letter of its params, or of the text of
 * `{"do":"…"}`, says: `http URL`,
 * `trap`, `loop`, `grow`, `overflow` (the log), `recurse`, `fill`; anything else is given back.
 */
export type WatGuest = 'echo' | 'tool';

/** A component of tool@0.4.1 that was written by hand: needs nothing but npm. */
export async function buildWatGuest(name: WatGuest): Promise<Uint8Array> {
  return buildWat(await readFile(new URL(`wat/${name}.wat`, import.meta.url), 'utf8'));
}

/** A component of tool@0.4.1 of the text of a core module. */
export async function buildWat(wat: string): Promise<Uint8Array> {
  const { source, name } = await readWit('tool@0.4.1');
  return keep([wat, source], async () => componentOf(await parse(wat), source, name));
}
