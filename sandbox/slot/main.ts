import { isUint8Array } from 'node:util/types';
import { type Component, loadComponent, prepareScope, toRealm } from './component.ts';
import type { Frame } from './frame.ts';
import { KIND } from './guest/kinds.ts';
import { lockDown } from './lock-down.ts';
import { listenToHost, sendToHost } from './pipe.ts';

/**
 * A slot: the process in which components run. It knows no secrets, has no permissions, and believes the host but
 * nothing that a realm says beyond the calls which are that realm's own.
 */
const EMPTY = new Uint8Array();
const components = new Map<number, Promise<Component>>();
/** Which component each live call belongs to. */
const calls = new Map<number, number>();

function receive(frame: Frame): void {
  switch (frame.kind) {
    case KIND.load:
      components.set(frame.component, loadComponent(frame, senderFor(frame.component)));
      break;
    case KIND.unload:
      components.delete(frame.component);
      break;
    case KIND.run:
      calls.set(frame.call, frame.component);
      void deliver(frame, frame.component);
      break;
    case KIND.answer:
      void deliver(frame, calls.get(frame.call));
      break;
    case KIND.drop:
      drop(frame);
      break;
  }
}

/** A realm may ask for, and end, its own live calls; anything else it says is lost. */
function senderFor(component: number) {
  return (kind: number, call: number, header: string, raw: Uint8Array): void => {
    if (calls.get(call) !== component || (kind !== KIND.host && kind !== KIND.done)) return;
    if (typeof header !== 'string' || !isUint8Array(raw)) return;
    if (kind === KIND.done) calls.delete(call);
    sendToHost({ kind, call, component, header, raw });
  };
}

async function deliver(frame: Frame, number: number | undefined): Promise<void> {
  const component = number === undefined ? undefined : await components.get(number);
  if (!component || !calls.has(frame.call)) return;
  if ('failure' in component) return refuse(frame.call, component.failure);
  const { realm } = component;
  try {
    const raw = toRealm(realm, frame.raw);
    if (frame.kind === KIND.run) realm.start(frame.call, frame.header, raw);
    else realm.answer(frame.call, frame.header, raw);
  } catch {
    refuse(frame.call, 'The component broke the scope that it runs in.');
  }
}

function refuse(call: number, failure: string): void {
  if (!calls.delete(call)) return;
  const ending = { kind: 'trapped', reason: 'other', message: `The component cannot run: ${failure}` };
  const report = { log: { levels: '', lengths: [], text: '', dropped: 0 }, fuel: 0, memory: 0 };
  sendToHost({
    kind: KIND.done,
    call,
    component: 0,
    header: JSON.stringify({ ...ending, ...report }),
    raw: EMPTY,
  });
}

function drop({ call, component }: Frame): void {
  calls.delete(call);
  void components.get(component)?.then((loaded) => {
    if ('realm' in loaded) loaded.realm.drop(call);
  });
  sendToHost({ kind: KIND.dropped, call, component, header: '', raw: EMPTY });
}

await prepareScope();
lockDown();
listenToHost(receive);
sendToHost({ kind: KIND.ready, call: 0, component: 0, header: '', raw: EMPTY });
