import { StateMachine, StateNode } from 'xstate';

/**
 * A copy without anything that two runs of one program cannot share: actors and states are named, functions are said
 * to be there. It also says in which order an object has its members.
 */
export function plain(value: unknown): unknown {
  if (typeof value === 'function') return `function ${value.name}`;
  if (!(value instanceof Object)) return value;
  if (value instanceof Error) return `${value.name}: ${value.message}`;
  if (value instanceof StateMachine) return 'machine';
  if (value instanceof StateNode) return `state ${value.id}`;
  if ('sessionId' in value && 'id' in value) return `actor ${value.id}`;
  if (value instanceof Set || Array.isArray(value)) return [...value].map(plain);
  return Object.entries(value).map(([key, part]) => [key, plain(part)]);
}
