import { type AnyMachineSnapshot, type AnyStateMachine, assign, pathToStateValue } from 'xstate';
import { compileAction, compileActions, type Perform } from './actions.ts';
import { isCallable } from './builtin.ts';
import { beginning } from './route.ts';

type Start = AnyStateMachine['getInitialSnapshot'];

/** How the actors of a machine begin. Undefined where that is left to XState. */
export function compileStart(machine: AnyStateMachine): Start | undefined {
  const { root } = machine;
  const nodes = beginning(root);
  const leaf = nodes.at(-1) ?? root;
  const actions = compileActions(
    machine,
    nodes.flatMap(({ entry, initial }) => [...entry, ...initial.actions]),
  );
  const isPlain =
    leaf.type === 'atomic' && nodes.every(({ invoke, always }) => !always && invoke.length === 0);
  const context: unknown = machine.config.context;
  const fill = isCallable(context) ? compileContext(machine, context) : ALREADY_THERE;
  if (!actions || !isPlain || !fill) return undefined;
  const usual = machine.resolveState({
    value: pathToStateValue(leaf.path),
    context: !isCallable(context) && context instanceof Object ? context : {},
  });
  return (scope, input) => {
    const event = { type: 'xstate.init', input };
    let begun: AnyMachineSnapshot = { ...usual, children: {}, historyValue: {} };
    try {
      begun = fill(begun, event, scope);
      return actions.reduce((snapshot, perform) => perform(snapshot, event, scope), begun);
    } catch (error) {
      // Nothing has been entered then, although the value says so.
      return { ...begun, status: 'error', _nodes: [root], tags: new Set(root.tags), error };
    }
  };
}

const ALREADY_THERE: Perform = (snapshot) => snapshot;

/** As XState does it: the first context is assigned. */
function compileContext(
  machine: AnyStateMachine,
  contextOf: (given: object) => unknown,
): Perform | undefined {
  return compileAction(
    machine,
    assign(({ spawn, event, self }) => contextOf({ spawn, input: Reflect.get(event, 'input'), self })),
  );
}
