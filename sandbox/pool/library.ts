import type { Artefact } from '../artefact.ts';
import type { ComponentHeader } from '../slot/component.ts';
import type { Frame } from '../slot/frame.ts';
import { KIND } from '../slot/guest/kinds.ts';

/** Which components a slot has loaded. */
export interface Library {
  readonly has: (artefact: Artefact) => boolean;
  /** The component's number in this slot, after sending it there where it is new, and another away where it is full. */
  readonly numberOf: (artefact: Artefact, isInUse: (component: number) => boolean) => number;
}

/** Some MiB of process memory each. */
const MAX_COMPONENTS = 16;

const EMPTY = new Uint8Array();

export function createLibrary(send: (frame: Frame) => void): Library {
  /** By hash, the least recently used first. */
  const loaded = new Map<string, number>();
  let last = 0;
  const makeRoom = (isInUse: (component: number) => boolean): void => {
    if (loaded.size < MAX_COMPONENTS) return;
    const oldest = [...loaded].find(([, component]) => !isInUse(component));
    if (!oldest) return;
    const [hash, component] = oldest;
    loaded.delete(hash);
    send({ kind: KIND.unload, call: 0, component, header: '', raw: EMPTY });
  };
  return {
    has: ({ componentHash }) => loaded.has(componentHash),
    numberOf(artefact, isInUse) {
      const known = loaded.get(artefact.componentHash);
      loaded.delete(artefact.componentHash);
      if (known === undefined) makeRoom(isInUse);
      const component = known ?? ++last;
      loaded.set(artefact.componentHash, component);
      if (known === undefined) send(loadFrame(artefact, component));
      return component;
    },
  };
}

function loadFrame({ glue, modules }: Artefact, component: number): Frame {
  const text = Buffer.from(glue);
  const header: ComponentHeader = {
    glueLength: text.length,
    modules: modules.map(({ name, bytes }) => ({ name, length: bytes.length })),
  };
  const raw = Buffer.concat([text, ...modules.map(({ bytes }) => bytes)]);
  return { kind: KIND.load, call: 0, component, header: JSON.stringify(header), raw };
}
