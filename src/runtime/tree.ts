import type { AnyActorRef } from 'xstate';
import type { TreeNode } from '../core/tree.ts';
import { contextOf } from './context.ts';
import { describeExit } from './process/exit.ts';
import { describeState } from './process/state.ts';
import { type Child, isLive } from './supervisor/child.ts';
import { supervisionOf } from './supervisor/supervisor.ts';
import { childrenOf, isActive, mailboxOf } from './xstate/index.ts';

/** The tree below and including a supervisor that has none above it. */
export function treeOf(root: AnyActorRef): TreeNode {
  return {
    id: root.id,
    path: root.id,
    kind: 'supervisor',
    state: describeState(root),
    incarnation: 1,
    restarts: 0,
    mailbox: 0,
    ...ageOf(root, bornAt(root)),
    ...flagsOf(root),
    children: nodesBelow(root, root.id),
  };
}

/** The live actor at a path of the tree. */
export function findActor(root: AnyActorRef, path: string): AnyActorRef | undefined {
  return path === root.id ? root : findBelow(root, root.id, path);
}

function findBelow(ref: AnyActorRef, at: string, path: string): AnyActorRef | undefined {
  for (const [id, child] of liveChildren(ref)) {
    const childPath = `${at}/${id}`;
    if (path === childPath) return child;
    if (path.startsWith(`${childPath}/`)) return findBelow(child, childPath, path);
  }
  return undefined;
}

function liveChildren(ref: AnyActorRef): readonly (readonly [string, AnyActorRef])[] {
  const supervision = supervisionOf(ref);
  if (!supervision) return Object.entries(childrenOf(ref)).filter(([, child]) => isActive(child));
  return [...supervision.roster].flatMap((child) => (child.ref ? [[child.spec.id, child.ref] as const] : []));
}

function nodesBelow(ref: AnyActorRef, path: string): readonly TreeNode[] {
  const supervision = supervisionOf(ref);
  if (supervision) return [...supervision.roster].map(supervisedNode);
  return liveChildren(ref).map(([id, child]) => ownedNode(id, child, `${path}/${id}`));
}

function supervisedNode(child: Child): TreeNode {
  const { spec, path, ref, incarnation, restarts, lastExit } = child;
  return {
    id: spec.id,
    path,
    kind: spec.type,
    state: stateOfChild(child),
    incarnation,
    restarts,
    mailbox: ref ? (mailboxOf(ref)?.depth ?? 0) : 0,
    ...(ref ? { ...ageOf(ref, child.startedAt), ...flagsOf(ref) } : {}),
    ...(lastExit ? { lastExit: describeExit(lastExit) } : {}),
    children: ref ? nodesBelow(ref, path) : [],
  };
}

function ageOf(ref: AnyActorRef, startedAt: number | undefined): Pick<TreeNode, 'ageMs'> {
  if (startedAt === undefined) return {};
  return { ageMs: Math.round(contextOf(ref.system).clock.now() - startedAt) };
}

function bornAt(ref: AnyActorRef): number | undefined {
  return contextOf(ref.system).births.get(ref);
}

/** An actor that a machine made for itself. */
function ownedNode(id: string, ref: AnyActorRef, path: string): TreeNode {
  return {
    id,
    path,
    kind: 'worker',
    state: describeState(ref),
    incarnation: 1,
    restarts: 0,
    mailbox: 0,
    ...ageOf(ref, bornAt(ref)),
    children: nodesBelow(ref, path),
  };
}

function stateOfChild(child: Child): string {
  if (child.ref && child.state === 'running') return describeState(child.ref);
  if (isLive(child) || child.state === 'stopped') return child.state;
  return child.incarnation > 0 ? 'restarting' : 'starting';
}

function flagsOf(ref: AnyActorRef): Pick<TreeNode, 'strategy' | 'intensity'> {
  const supervision = supervisionOf(ref);
  if (!supervision) return {};
  const { flags } = supervision;
  const used = supervision.intensity.used(contextOf(ref.system).clock.now(), flags);
  return {
    strategy: `${flags.strategy} ${flags.intensity}/${flags.period}s`,
    intensity: { used, allowed: flags.intensity },
  };
}
