import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

/** Something to search in, and questions of which is known what answers them. */
export interface Collection {
  readonly documents: readonly { readonly path: string; readonly content: string }[];
  readonly questions: readonly Question[];
}

export interface Question {
  readonly text: string;
  /** What sort of question. */
  readonly kind: string;
  /** Where to look; undefined: everywhere. */
  readonly folder?: string;
  /** Names of what answers it: paths, or texts where these are what is looked for. */
  readonly answers: ReadonlySet<string>;
}

const conversationSchema = z.object({
  people: z.array(z.string()),
  sessions: z.array(
    z.object({ at: z.string(), turns: z.array(z.object({ by: z.string(), text: z.string() })) }),
  ),
  questions: z.array(z.object({ text: z.string(), kind: z.string(), evidence: z.array(z.string()) })),
});

const FOLDER = join(import.meta.dirname, 'conversations');

const conversations = () =>
  readdirSync(FOLDER).map((file) => ({
    name: `conversations/${file.replace('.json', '')}`,
    ...conversationSchema.parse(JSON.parse(readFileSync(join(FOLDER, file), 'utf8'))),
  }));

type Conversation = ReturnType<typeof conversations>[number];

/** Conversations over months, a document for each turn. An answer is the path of a turn that holds it. */
export function turnByTurn(): Collection {
  const all = conversations();
  return {
    documents: all.flatMap((one) =>
      turnsOf(one).map(({ id, text }) => ({ path: `${one.name}/${id}.md`, content: text })),
    ),
    questions: all.flatMap((one) => questionsOf(one, (id) => `${one.name}/${id}.md`)),
  };
}

/** The same, a document for each day they talked. An answer is the text of a turn. */
export function sessionBySession(): Collection {
  const all = conversations();
  return {
    documents: all.flatMap((one) =>
      one.sessions.map(({ at, turns }, number) => ({
        path: `${one.name}/session-${number + 1}.md`,
        content: [`# ${at}`, ...turns.map(said)].join('\n\n'),
      })),
    ),
    questions: all.flatMap((one) => {
      const texts = new Map(turnsOf(one).map(({ id, text }) => [id, text]));
      return questionsOf(one, (id) => texts.get(id) ?? id);
    }),
  };
}

const said = ({ by, text }: { readonly by: string; readonly text: string }): string => `${by}: ${text}`;

const turnsOf = ({ sessions }: Conversation) =>
  sessions.flatMap(({ turns }, session) =>
    turns.map((turn, at) => ({ id: `D${session + 1}-${at + 1}`, text: said(turn) })),
  );

const questionsOf = ({ name, questions }: Conversation, answerOf: (id: string) => string): Question[] =>
  questions.map(({ text, kind, evidence }) => ({
    text,
    kind,
    folder: name,
    answers: new Set(evidence.map(answerOf)),
  }));

const languagesSchema = z.record(z.string(), z.array(z.tuple([z.string(), z.string()])));

/** Notes in nine languages, each with a question in its language. */
export function languages(): Collection {
  const file = readFileSync(join(import.meta.dirname, 'languages.json'), 'utf8');
  const notes = Object.entries(languagesSchema.parse(JSON.parse(file))).flatMap(([language, pairs]) =>
    pairs.map(([content, text], at) => ({ path: `${language}/note-${at + 1}.md`, content, text, language })),
  );
  return {
    documents: notes.map(({ path, content }) => ({ path, content })),
    questions: notes.map(({ path, text, language }) => ({ text, kind: language, answers: new Set([path]) })),
  };
}
