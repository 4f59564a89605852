import type { AnyStateNode, AnyTransitionDefinition } from 'xstate';

/** What a transition leaves and enters, in a machine where one state within another is active, never two at once. */
export interface Route {
  /** Innermost first. */
  readonly exits: readonly AnyStateNode[];
  /** Entered on the way to the target, outermost first. */
  readonly passes: readonly AnyStateNode[];
  /** The target, where it is entered, and the initial states inside of it, outermost first. */
  readonly enters: readonly AnyStateNode[];
  /** Where it ends. */
  readonly leaf: AnyStateNode;
}

/** @param leaf the innermost active state; the transition is one of its own, or of a state around it */
export function routeOf(leaf: AnyStateNode, transition: AnyTransitionDefinition): Route {
  const { source, reenter } = transition;
  const target: AnyStateNode | undefined = transition.target?.[0];
  if (!target) return { exits: [], passes: [], enters: [], leaf };
  const domain = domainOf(target, source, reenter);
  const inDomain = (node: AnyStateNode): boolean => !domain || isInside(node, domain);
  const [, ...initials] = beginning(target);
  return {
    exits: pathTo(leaf).filter(inDomain).reverse(),
    passes: pathTo(target).slice(0, -1).filter(inDomain),
    enters: target !== source || reenter ? [target, ...initials] : initials,
    leaf: initials.at(-1) ?? target,
  };
}

/** A state and the states inside of it that it begins in, outermost first. */
export function beginning(node: AnyStateNode): readonly AnyStateNode[] {
  const initial: AnyStateNode | undefined = node.type === 'compound' ? node.initial.target[0] : undefined;
  return initial ? [node, ...beginning(initial)] : [node];
}

/** From the root to this state. */
export function pathTo(node: AnyStateNode): readonly AnyStateNode[] {
  return node.parent ? [...pathTo(node.parent), node] : [node];
}

/** The state that is left by nobody: all that is active inside of it is. Undefined where the root itself is left. */
function domainOf(target: AnyStateNode, source: AnyStateNode, reenter: boolean): AnyStateNode | undefined {
  if (!reenter && (target === source || isInside(target, source))) return source;
  const around = pathTo(target).slice(0, -1);
  const common = around.findLast((ancestor) => isInside(source, ancestor));
  return common ?? (reenter ? undefined : source.machine.root);
}

function isInside(node: AnyStateNode, ancestor: AnyStateNode): boolean {
  return node !== ancestor && pathTo(node).includes(ancestor);
}
