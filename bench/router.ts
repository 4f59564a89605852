import { join } from 'node:path';
import { z } from 'zod';
import { type Classified, classify } from '../src/routing/index.ts';
import type { Benchmark, Figure, Line, Target } from './harness.ts';
import { readJsonLines } from './json-lines.ts';

/**
 * How often the rules understand what a message wants. The messages were written for this, a command, query or task
 * each, in ten languages: the rules were made with `router/tuning.jsonl` in view, and the targets are for
 * `router/held-out.jsonl`, which was labelled before and not looked at. A question is a query also where its answer
 * takes a tool; a polite request is a task also where it is a question.
 *
 * `--data FILE`, which may be repeated, takes other messages: one JSON object a line, with `text`, `label` and
 * `language`.
 */
export const benchmark: Benchmark = {
  about: 'what a message wants (a command, an answer, something done), by rules alone',
  defaultRounds: 5,
  async measure({ rounds, data }) {
    const sets = data.length > 0 ? data.map(otherSet) : [own('tuning'), own('held-out', TARGETS)];
    return sets.flatMap((set) => figuresOf(set, rounds));
  },
};

const messageSchema = z.object({
  text: z.string(),
  label: z.enum(['command', 'query', 'task']),
  language: z.string().default('unknown'),
});

interface Targets {
  readonly all?: Target;
  readonly sure?: Target;
  readonly time?: Target;
}

const TARGETS: Targets = { all: { atLeast: 90 }, sure: { atLeast: 95 }, time: { atMost: 50 } };

interface Message extends z.infer<typeof messageSchema> {
  readonly read: Classified;
}

interface LabelledSet {
  readonly name: string;
  readonly messages: readonly Message[];
  readonly targets: Targets;
}

const own = (name: string, targets: Targets = {}): LabelledSet =>
  readSet(name, join(import.meta.dirname, 'router', `${name}.jsonl`), targets);

const otherSet = (file: string): LabelledSet => readSet(file, file, TARGETS);

function readSet(name: string, file: string, targets: Targets): LabelledSet {
  const messages = readJsonLines(file, messageSchema);
  return {
    name,
    messages: messages.map((message) => ({ ...message, read: classify(message.text) })),
    targets,
  };
}

function figuresOf({ name, messages, targets }: LabelledSet, rounds: number): readonly Line[] {
  for (const message of messages) if (!isRight(message)) tell(name, message);
  const sure = messages.filter(({ read }) => !read.unsure);
  const figures: readonly Figure[] = [
    share(`right, of ${messages.length}`, messages, isRight, targets.all),
    share(`right, of ${sure.length} it is sure of`, sure, isRight, targets.sure),
    share('unsure', messages, ({ read }) => read.unsure),
    ...groups(messages, 'label'),
    ...groups(messages, 'language'),
    {
      name: 'a message',
      unit: 'µs',
      rounds: Array.from({ length: rounds + 1 }, () => timeOf(messages)).slice(1),
      ...(targets.time && { target: targets.time }),
    },
  ];
  return figures.map((figure) => ({ ...figure, name: `${name}: ${figure.name}` }));
}

const isRight = ({ label, read }: Message): boolean => read.route === label;

/** Characters of a message. */
const SHOWN = 80;

function tell(name: string, { text, label, read, language }: Message): void {
  const shown = JSON.stringify(text.slice(0, SHOWN));
  const manner = read.unsure ? 'a guess' : 'sure';
  console.log(`${name}, ${language}: ${shown} is a ${label}, read as a ${read.route} (${manner})`);
}

function groups(messages: readonly Message[], by: 'label' | 'language'): readonly Figure[] {
  return [...Map.groupBy(messages, (message) => message[by])].map(([group, members]) =>
    share(`right, ${by} ${group}, of ${members.length}`, members, isRight),
  );
}

function share(
  name: string,
  messages: readonly Message[],
  fits: (message: Message) => boolean,
  target?: Target,
): Figure {
  const part = (100 * messages.filter(fits).length) / messages.length;
  return { name, unit: '%', rounds: [part], ...(target && { target }) };
}

/** Passes over all messages, so that the processor's clock, which ticks every few milliseconds, can tell. */
const PASSES = 40;

/** Microseconds of this thread's processor time: what else the machine does meanwhile does not count. */
function timeOf(messages: readonly Message[]): number {
  const begin = process.threadCpuUsage();
  for (let pass = 0; pass < PASSES; pass++) for (const { text } of messages) classify(text);
  const { user, system } = process.threadCpuUsage(begin);
  return (user + system) / PASSES / messages.length;
}
