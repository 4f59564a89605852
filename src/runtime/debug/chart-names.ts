import type { AnyStateMachine } from 'xstate';
import type { ChartTransition } from '../../core/inspect.ts';

type StateNode = AnyStateMachine['root'];

/** What an event means, for people; XState's own are told from their names. */
export function describeEvent(event: string, node: StateNode): Pick<ChartTransition, 'kind' | 'label'> {
  if (event === '') return { kind: 'always', label: '' };
  if (event === '*') return { kind: 'event', label: 'anything else' };
  if (event.startsWith(AFTER)) return { kind: 'after', label: afterLabel(event) };
  if (event.startsWith('xstate.done.state.')) return { kind: 'done', label: 'done' };
  const ended = /^xstate\.(done|error)\.actor\.(.*)$/.exec(event);
  if (!ended) return { kind: 'event', label: event };
  const [, how, actorId] = ended;
  const actor = actorName(actorId ?? '', node);
  return how === 'done'
    ? { kind: 'done', label: `${actor} done` }
    : { kind: 'error', label: `${actor} failed` };
}

const AFTER = 'xstate.after.';

/** `after cooldown`; of a number of milliseconds `after 250 ms`. */
export function afterLabel(event: string): string {
  const delay = event.slice(AFTER.length).split('.', 1)[0] ?? '';
  return /^\d+$/.test(delay) ? `after ${delay} ms` : `after ${delay}`;
}

export const isAfter = (event: string): boolean => event.startsWith(AFTER);

/** XState calls an actor without an id of its own `<place>.<state>`. */
function actorName(actorId: string, node: StateNode): string {
  const invoked = node.invoke.find(({ id }) => id === actorId);
  if (!invoked || !actorId.endsWith(`.${node.id}`)) return actorId;
  return typeof invoked.src === 'string' ? invoked.src : 'actor';
}

/** `isLastStraw`, `not hasRunningCalls`, `wantsTools and mayCallNoMore`; `a condition` where it has no name. */
export function guardName(guard: unknown): string {
  if (typeof guard === 'string') return guard;
  if (guard instanceof Function) return composed(guard);
  if (guard instanceof Object && 'type' in guard) return String(guard.type);
  return NAMELESS;
}

const NAMELESS = 'a condition';

function composed(guard: object): string {
  const inner = 'guards' in guard && Array.isArray(guard.guards) ? guard.guards.map(guardName) : undefined;
  const name = 'name' in guard && typeof guard.name === 'string' ? guard.name : '';
  if (!inner) return ['', 'guard'].includes(name) ? NAMELESS : name;
  return name === 'not' ? `not ${inner.join(' ')}` : inner.join(` ${name} `);
}

/** Those that have a name of their own: what XState offers (`assign`, `raise`) says nothing. */
export function actionNames(actions: unknown): readonly string[] {
  const list: readonly unknown[] = Array.isArray(actions) ? actions : [];
  return list.flatMap((action) => {
    const name = typeof action === 'string' ? action : typeOf(action);
    return name === undefined || name.startsWith('xstate.') ? [] : [name];
  });
}

function typeOf(action: unknown): string | undefined {
  if (!(action instanceof Object) || action instanceof Function || !('type' in action)) return undefined;
  return String(action.type);
}
