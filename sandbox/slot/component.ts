import { createBridge, type Send } from './bridge.ts';
import type { Frame } from './frame.ts';
import type { Bridge, Realm } from './guest/bridge.ts';
import { createScope, evaluateGlue } from './realm-source.ts';

/** The header of a `load` frame: its bytes are the glue and then the modules, in this order. */
export interface ComponentHeader {
  readonly glueLength: number;
  readonly modules: readonly { readonly name: string; readonly length: number }[];
}

/** A component that is loaded, or why it could not be. */
export type Component = { readonly realm: Realm } | { readonly failure: string };

type Scope = Awaited<ReturnType<typeof createScope>>;

let spare: Promise<Scope> | undefined;

/** Makes a scope ahead of the need for it. */
export function prepareScope(): Promise<unknown> {
  spare ??= createScope();
  return spare;
}

function takeScope(): Promise<Scope> {
  const taken = spare ?? createScope();
  spare = undefined;
  return taken;
}

export async function loadComponent({ header, raw }: Frame, send: Send): Promise<Component> {
  const { glueLength, modules }: ComponentHeader = JSON.parse(header);
  try {
    const { context, realm: ours } = await takeScope();
    const realm = enter(ours, createBridge(send));
    const failure = addModules(realm, modules, raw.subarray(glueLength));
    if (failure) return { failure };
    realm.setGlue(await evaluateGlue(Buffer.from(raw.subarray(0, glueLength)).toString(), context));
    return { realm };
  } catch (error) {
    return { failure: messageOf(error) };
  }
}

function enter(ours: object, bridge: Bridge): Realm {
  const create: unknown = Reflect.get(ours, 'createRealm');
  if (typeof create !== 'function') throw new TypeError('The realm offers nothing.');
  return create(bridge);
}

function addModules(
  realm: Realm,
  modules: ComponentHeader['modules'],
  bytes: Uint8Array,
): string | undefined {
  let at = 0;
  for (const { name, length } of modules) {
    const failure = realm.addModule(name, toRealm(realm, bytes.subarray(at, at + length)));
    if (failure) return `${name}: ${failure}`;
    at += length;
  }
  return undefined;
}

const { set } = Uint8Array.prototype;

/** A copy of the bytes as an array of the realm. */
export function toRealm(realm: Realm, bytes: Uint8Array): Uint8Array {
  const room = realm.allocate(bytes.length);
  Reflect.apply(set, room, [bytes]);
  return room;
}

function messageOf(error: unknown): string {
  try {
    return error instanceof Error ? String(error.message) : String(Reflect.get(Object(error), 'message'));
  } catch {
    return 'The glue failed.';
  }
}
