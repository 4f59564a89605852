import type { DeliveryMode } from '../core/assistant.ts';
import type { ApprovalDecision } from '../core/journal.ts';

/** What the user wants with a line they entered. */
export type Intent =
  | { readonly type: 'nothing' }
  | { readonly type: 'send'; readonly text: string; readonly mode: DeliveryMode | 'auto' }
  | { readonly type: 'decide'; readonly decision: ApprovalDecision; readonly reason?: string }
  | { readonly type: LocalAction; readonly argument: string };

type LocalAction =
  | 'help'
  | 'new'
  | 'conversations'
  | 'resume'
  | 'history'
  | 'interrupt'
  | 'grants'
  | 'tree'
  | 'link'
  | 'quit';

export interface InputState {
  /** A turn is running. */
  readonly busy: boolean;
  /** A question to allow something is on the screen. */
  readonly asked: boolean;
}

const LOCAL_ACTIONS: { readonly [word: string]: LocalAction } = {
  '/help': 'help',
  '/new': 'new',
  '/conversations': 'conversations',
  '/resume': 'resume',
  '/history': 'history',
  '/interrupt': 'interrupt',
  '/stop': 'interrupt',
  '/grants': 'grants',
  '/tree': 'tree',
  '/link': 'link',
  '/quit': 'quit',
  '/exit': 'quit',
};

const MODES: { readonly [word: string]: DeliveryMode } = { '/steer': 'steer', '/queue': 'queue' };

const SLASH_DECISIONS: { readonly [word: string]: ApprovalDecision } = {
  '/approve': 'once',
  '/conversation': 'conversation',
  '/always': 'always',
  '/deny': 'deny',
};

/** Understood only while a question is on the screen; at any other time these are ordinary messages. */
const DECISIONS: { readonly [word: string]: ApprovalDecision } = {
  '1': 'once',
  once: 'once',
  y: 'once',
  yes: 'once',
  approve: 'once',
  ok: 'once',
  '2': 'conversation',
  c: 'conversation',
  session: 'conversation',
  conversation: 'conversation',
  'for this conversation': 'conversation',
  '4': 'always',
  a: 'always',
  always: 'always',
  '3': 'deny',
  n: 'deny',
  no: 'deny',
  deny: 'deny',
};

/** Text of several lines was pasted or continued: it is always a message, never a command or an answer. */
export function readInput(text: string, state: InputState): Intent {
  const line = text.trim();
  if (line === '') return { type: 'nothing' };
  if (line.includes('\n')) return { type: 'send', text, mode: 'auto' };
  return (
    readSlash(line) ??
    readSteer(line, state) ??
    readDecision(line, state) ?? { type: 'send', text: line, mode: 'auto' }
  );
}

/** Words with a slash that are not ours belong to the assistant. */
function readSlash(line: string): Intent | undefined {
  const [word, argument] = firstWord(line);
  const action = own(LOCAL_ACTIONS, word);
  if (action !== undefined) return { type: action, argument };
  const decision = own(SLASH_DECISIONS, word);
  if (decision !== undefined) return decided(decision, argument);
  const mode = own(MODES, word);
  if (mode === undefined) return undefined;
  return argument === '' ? { type: 'help', argument } : { type: 'send', text: argument, mode };
}

/** `>` steers only while there is something to steer; else it is how Markdown quotes. */
function readSteer(line: string, { busy }: InputState): Intent | undefined {
  const text = line.slice(1).trim();
  return busy && line.startsWith('>') && text !== '' ? { type: 'send', text, mode: 'steer' } : undefined;
}

function readDecision(line: string, { asked }: InputState): Intent | undefined {
  if (!asked) return undefined;
  const whole = own(DECISIONS, plainWord(line));
  if (whole !== undefined) return decided(whole, '');
  const [word, reason] = firstWord(line);
  const decision = own(DECISIONS, plainWord(word));
  // Only a refusal takes words after it: "yes, but not there" must never count as a yes.
  return decision === 'deny' ? decided(decision, reason) : undefined;
}

const plainWord = (word: string): string => word.toLowerCase().replace(/[.!,]$/, '');

function decided(decision: ApprovalDecision, reason: string): Intent {
  return { type: 'decide', decision, ...(decision === 'deny' && reason !== '' ? { reason } : {}) };
}

function firstWord(line: string): [word: string, rest: string] {
  const [word = ''] = line.split(/\s/, 1);
  return [word, line.slice(word.length).trim()];
}

function own<T>(words: { readonly [word: string]: T }, word: string): T | undefined {
  return Object.hasOwn(words, word) ? words[word] : undefined;
}
