import { markedRanges, markedWords } from './marked-words.ts';

interface MarkedProps {
  readonly text: string;
  readonly query: string;
  /** Start and end of what fits, where the search says so; otherwise words of the query are looked for. */
  readonly ranges?: readonly (readonly [number, number])[] | undefined;
}

/** A text in which the words that were looked for stand out. */
export function Marked({ text, query, ranges }: MarkedProps) {
  const pieces = ranges === undefined ? markedWords(text, query) : markedRanges(text, ranges);
  return (
    <>
      {pieces.map(({ text, isMarked }, at) =>
        isMarked ? <mark key={at}>{text}</mark> : <span key={at}>{text}</span>,
      )}
    </>
  );
}
