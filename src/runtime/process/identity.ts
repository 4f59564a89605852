import type { AnyActorRef } from 'xstate';
import { contextOf } from '../context.ts';
import { parentOf } from '../xstate/index.ts';

/** Where in the tree an actor stands, as `tree()` names it: a machine's own actors stand below the machine. */
export function pathOf(ref: AnyActorRef): string {
  const path = contextOf(ref.system).paths.get(ref);
  if (path !== undefined) return path;
  const parent = parentOf(ref);
  return parent ? `${pathOf(parent)}/${ref.id}` : ref.id;
}

/** Which incarnation of its child specification an actor is, from 1; 1 for an actor that no supervisor started. */
export function incarnationOf(ref: AnyActorRef): number {
  if (!isSupervised(ref)) return 1;
  // Supervisors call the actors they start `<id of the specification>#<incarnation>`.
  return Number(ref.id.slice(ref.id.lastIndexOf('#') + 1));
}

/** Whether a supervisor started it; else it is the root, or a machine made it for itself. */
export function isSupervised(ref: AnyActorRef): boolean {
  return contextOf(ref.system).paths.has(ref);
}
