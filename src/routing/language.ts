/**
 * What tells a question from a request in a language that puts spaces between its words. Everything is written in
 * small letters without accents (`fold.ts`). Lists of words are separated by spaces, lists of phrases by commas.
 */
export interface Language {
  readonly name: string;
  /** Frequent small words that give the language away. */
  readonly marks: string;
  /** Phrases that say nothing of what follows them: `hi`, `please`, `and then`. */
  readonly openers: string;
  /** Words of politeness, anywhere in a sentence. */
  readonly please: string;
  /** Phrases that begin what wants no more than a friendly answer: `thank you`, `i am tired`. */
  readonly chat: string;
  /** Phrases that begin an indirect question or ask to be told something: `i wonder`, `explain`. */
  readonly asks: string;
  /** Phrases that begin a polite request, which is a question by its form: `can you`. */
  readonly frames: string;
  /** Phrases that make a wish of the sentence they stand in: `i want you to`. */
  readonly wishes: string;
  /** Phrases that begin a question: `how`, `what`. */
  readonly questions: string;
  /** Verbs that begin a question where they come first: `is`, `did`. */
  readonly auxiliaries: string;
  /** Words that begin a clause after which a request may come: `when`, `if`. */
  readonly subordinators: string;
  /** Words that begin another clause: `and`, `then`. */
  readonly joints: string;
  /** Stems of verbs that something is told by, whoever is told: `explain`. */
  readonly tells: string;
  /** Stems of verbs that ask for an answer only where the user is the one who is told: `tell me`, not `tell bob`. */
  readonly says: string;
  /** The user as the one who is told: `me`. */
  readonly me: string;
  /** Stems of verbs by which something is done. */
  readonly acts: string;
  /** Endings of a verb in an order or after `can you`, as a regular expression. */
  readonly endings: string;
  /** Whether an order may end in its verb: `alle Dateien löschen`. */
  readonly verbLast: boolean;
  /** Whole messages that agree to what was proposed: `go ahead`. */
  readonly assents: string;
  /** What stands before a colon where something is to be noted: `todo`. */
  readonly labels: string;
  /** Words by which the user speaks of what is theirs: `my`. */
  readonly own: string;
  /** Phrases that point to what was said or happened before: `remember`, `last time`. Also regular expressions. */
  readonly past: string;
  /** Phrases that mostly begin a question about the world at large: `how does`. */
  readonly general: string;
  /** Words that tell nothing of what a question is about, beside `marks` and `own`. */
  readonly fillers: string;
}
