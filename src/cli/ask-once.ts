import { createInterface } from 'node:readline/promises';
import { text } from 'node:stream/consumers';
import { EXIT_CODES, IronbarkError } from '../core/errors.ts';
import { ulids } from '../core/ids.ts';
import type { ApprovalDecision } from '../core/journal.ts';
import {
  type Client,
  createPlainText,
  createStyle,
  type Question,
  questionCard,
  readInput,
} from '../repl/index.ts';
import { type Context, isInteractive, print, type Settings, type Terminal } from './context.ts';
import { reachOrStart } from './reach.ts';
import { type TurnEnd, TurnWatch } from './turn-watch.ts';

export interface AskFlags {
  /** The message; `-` reads it from standard input. */
  readonly message: string;
  readonly conversation?: string;
  readonly yes?: boolean;
}

/** How an unattended question ends the waiting: the turn itself goes on waiting, on disk. */
type Outcome = TurnEnd | { readonly type: 'unanswered'; readonly question: Question };

/**
 * Sends one message and prints the reply: as it is written on a terminal, whole into a pipe or file.
 *
 * @returns 0 answered, 8 the turn failed or was stopped, 9 it waits for an approval that nobody is there to give.
 */
export async function askOnce(flags: AskFlags, settings: Settings, context: Context): Promise<number> {
  const { terminal } = context;
  const message = await messageOf(flags, terminal);
  // A port that another program uses must not stand between a question and its answer.
  const reached = await reachOrStart({ ...settings, port: settings.port ?? '0' }, context);
  try {
    const client = await reached.connect();
    const conversationId = flags.conversation ?? ulids().next();
    const asked = ask(client, conversationId, message, listenerFor(flags, settings, terminal));
    const outcome = await Promise.race([asked, reached.failed.then(rethrow)]);
    report(outcome, conversationId, settings, terminal);
    await client.close();
    return exitCodeOf(outcome);
  } finally {
    await reached.release();
  }
}

interface Listener {
  onText(text: string): void;
  /** Undefined where nobody is there to decide. */
  decide(question: Question): Promise<Answer | undefined>;
}

interface Answer {
  readonly decision: ApprovalDecision;
  readonly reason?: string;
}

async function messageOf({ message }: AskFlags, { stdin }: Terminal): Promise<string> {
  const whole = message === '-' ? await text(stdin) : message;
  if (whole.trim() !== '') return whole;
  throw new IronbarkError('usage', 'The message is empty.', 'Say something: ironbark -m "hello"');
}

async function ask(
  client: Client,
  conversationId: string,
  message: string,
  listener: Listener,
): Promise<Outcome> {
  const unanswered = Promise.withResolvers<Outcome>();
  const watch = new TurnWatch({
    onText: (text) => listener.onText(text),
    onQuestion: (question) => {
      answer(client, conversationId, question, listener).then((answered) => {
        if (!answered) unanswered.resolve({ type: 'unanswered', question });
      }, unanswered.reject);
    },
  });
  const { entries } = await client.history(conversationId, { limit: 1 });
  await client.subscribe(conversationId, entries.at(-1)?.seq ?? 0, (event) => watch.feed(event));
  const { inboxId } = await client.send(conversationId, message);
  watch.accepted(inboxId);
  return Promise.race([watch.end, unanswered.promise]);
}

async function answer(
  client: Client,
  conversationId: string,
  question: Question,
  listener: Listener,
): Promise<boolean> {
  const given = await listener.decide(question);
  if (given) await client.approve(conversationId, question.approvalId, given.decision, given.reason);
  return given !== undefined;
}

function listenerFor(flags: AskFlags, settings: Settings, terminal: Terminal): Listener {
  const streams = !settings.json && terminal.stdout.isTTY === true;
  const plain = createPlainText();
  // Standard input may have been the message: then nobody is left to ask.
  const attended = isInteractive(terminal) && !settings.json && flags.message !== '-';
  return {
    onText: (text) => {
      if (streams) terminal.stdout.write(plain.write(text));
    },
    decide: async (question) => {
      if (flags.yes) return { decision: 'once' };
      return attended ? askUser(question, settings, terminal) : undefined;
    },
  };
}

async function askUser(question: Question, settings: Settings, { stdin, stdout }: Terminal): Promise<Answer> {
  const lines = createInterface({ input: stdin, output: stdout, terminal: true });
  print(stdout, `\n${questionCard(question, createStyle(settings.colour))}`);
  try {
    for (;;) {
      const intent = readInput(await lines.question('› '), { busy: true, asked: true });
      const allowed = intent.type === 'decide' && (intent.decision !== 'always' || question.allowAlways);
      if (intent.type === 'decide' && allowed) return intent;
      print(stdout, 'Answer with the digit in front of your choice.');
    }
  } finally {
    lines.close();
  }
}

function report(
  outcome: Outcome,
  conversationId: string,
  { json }: Settings,
  { stdout, stderr }: Terminal,
): void {
  if (json) print(stdout, JSON.stringify(asJson(outcome, conversationId), undefined, 2));
  else if (outcome.type === 'refused') print(stderr, `error: ${outcome.reason}`);
  else if (outcome.type === 'unanswered') reportQuestion(outcome.question, conversationId, stderr);
  // On a terminal the reply stands there already.
  else print(stdout, stdout.isTTY ? '' : outcome.reply);
}

function reportQuestion(question: Question, conversationId: string, stderr: Terminal['stderr']): void {
  print(stderr, questionCard(question, createStyle(false)));
  print(stderr, 'error: The turn waits for this approval, and nobody is here to give it.');
  print(stderr, `hint: Answer it with: ironbark -c ${conversationId}; or allow it beforehand with --yes.`);
}

function asJson(outcome: Outcome, conversationId: string): object {
  const nothing = { conversationId, turnId: null, reply: null, finish: null, toolCalls: [], usage: null };
  if (outcome.type === 'refused') return { ...nothing, refused: outcome.reason };
  if (outcome.type === 'unanswered') return { ...nothing, approval: questionOf(outcome.question) };
  const { turnId, reply, finish, toolCalls, usage } = outcome;
  return { conversationId, turnId, reply, finish, toolCalls, usage };
}

function questionOf({ approvalId, tool, arguments: args, reason, allowAlways }: Question): object {
  return { approvalId, tool, arguments: args, reason, allowAlways };
}

function exitCodeOf(outcome: Outcome): number {
  if (outcome.type === 'unanswered') return EXIT_CODES['approval-needed'];
  if (outcome.type === 'replied' && outcome.finish === 'answered') return 0;
  return EXIT_CODES['turn-failed'];
}

function rethrow(error: Error): never {
  throw error;
}
