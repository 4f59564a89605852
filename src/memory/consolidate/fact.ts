import { passageKey } from '../salience/passage-key.ts';

/** One line of a document beneath `facts/`, with what is known of it. */
export interface Fact {
  readonly path: string;
  /** Of the line, counted from 0. */
  readonly line: number;
  /** Without its bullet. */
  readonly text: string;
  readonly key: string;
  /** Milliseconds since the Unix epoch. */
  readonly writtenAt: number;
  readonly uses: number;
  readonly lastUsedAt?: number;
  /** Others than the user had a hand in it. */
  readonly influenced: boolean;
  /** The user wrote it by hand. */
  readonly byHand: boolean;
}

/** A document as it was read: a change of it counts only while this is still its version. */
export interface SeenDocument {
  readonly path: string;
  readonly content: string;
  readonly version: number;
}

interface FactLine {
  readonly line: number;
  readonly text: string;
  readonly key: string;
}

/** The facts of a document: its list items. Headings and prose between them are none. */
export function factLines(content: string): readonly FactLine[] {
  return content.split('\n').flatMap((raw, line) => {
    const text = ITEM.exec(raw)?.[1]?.trim();
    const key = text === undefined ? undefined : passageKey(text);
    return text === undefined || key === undefined ? [] : [{ line, text, key }];
  });
}

const ITEM = /^\s{0,3}[-*]\s+(\S.*)$/;

/** The document without these lines; undefined where no fact would be left in it. */
export function withoutLines(content: string, lines: ReadonlySet<number>): string | undefined {
  const rest = content
    .split('\n')
    .filter((_, line) => !lines.has(line))
    .join('\n');
  return factLines(rest).length > 0 ? rest : undefined;
}
