import type { PendingApproval } from '../../../src/core/assistant.ts';
import { inWords } from '../../../src/core/chart/words.ts';
import type { TreeNode } from '../../../src/core/tree.ts';
import { t } from '../i18n.ts';
import { conversationOf, nodesOf, runningTurns } from './tree-walk.ts';

/** What the assistant is doing, or waiting for, as one would tell a friend. */
export interface Saying {
  /** `you`: nothing goes on until the user answers; `trouble`: something was restarted. */
  readonly mood: 'working' | 'you' | 'idle' | 'trouble';
  readonly text: string;
  /** The actor it is about. */
  readonly path?: string;
  readonly conversationId?: string;
}

const RECENT_MS = 15_000;

/** One for each turn that runs, those that wait for the user first; at least one. */
export function sayings(root: TreeNode, approvals: readonly PendingApproval[]): readonly Saying[] {
  const turns = runningTurns(root).map((turn) => ofTurn(turn, approvals));
  const told = turns.length > 0 ? turns : [idle(root)];
  return [...told].sort((a, b) => Number(b.mood === 'you') - Number(a.mood === 'you'));
}

function ofTurn(turn: TreeNode, approvals: readonly PendingApproval[]): Saying {
  const conversationId = conversationOf(turn.path) ?? '';
  const asked = approvals.find((approval) => approval.conversationId === conversationId);
  const about = { path: turn.path, conversationId };
  if (turn.state === 'awaitingApproval' || turn.state === 'awaitingBudget')
    return { mood: 'you', text: question(turn.state, asked), ...about };
  return { mood: 'working', text: working(turn), ...about };
}

function question(state: string, asked: PendingApproval | undefined): string {
  if (state === 'awaitingBudget') return t('It waits for you: the budget is used up. May it go on?');
  if (!asked) return t('It waits for your answer.');
  return t('It waits for you: may it run {tool}?', { tool: asked.tool });
}

function working({ state, children }: TreeNode): string {
  switch (state) {
    case 'routing':
    case 'classifying':
      return t('It works out what you mean.');
    case 'commanding':
      return t('It carries out your command.');
    case 'thinking':
      return t('It asks the model.');
    case 'compacting':
      return t('It sums up what was said earlier, to make room.');
    case 'judging':
    case 'proceeding':
      return t('It checks what it may do.');
    case 'acting':
      return tools(children);
    case 'replying':
      return t('It writes the answer down.');
    default:
      return t('It is {state}.', { state: inWords(state) });
  }
}

function tools(children: readonly TreeNode[]): string {
  const count = children.length;
  return count > 1 ? t('It runs {count} tools side by side.', { count }) : t('It runs a tool.');
}

function idle(root: TreeNode): Saying {
  const restarted = [...nodesOf(root)].find(
    ({ restarts, ageMs, kind }) => kind === 'worker' && restarts > 0 && (ageMs ?? RECENT_MS) < RECENT_MS,
  );
  if (restarted) {
    const text = t('{name} ended and was started again by its supervisor. Nothing was lost.', {
      name: restarted.id,
    });
    return { mood: 'trouble', text, path: restarted.path };
  }
  return { mood: 'idle', text: t('It rests. Nothing is being done, and nothing waits.') };
}
