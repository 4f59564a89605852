import type { LiveEvent } from './assistant.ts';

type Delta = Extract<LiveEvent, { type: 'delta' }>;

/** Decides which part of an answer has not been shown yet, whether it came in pieces, whole, or both. */
export interface AnswerStream {
  /**
   * The part of the piece that is new. Empty where pieces before it are missing: the whole text will follow. An answer
   * that is begun anew is passed over for as long as it repeats what was shown; where it goes another way, it is told
   * from its beginning, in a paragraph of its own.
   */
  delta(delta: Delta): string;
  /** The part of the finished text of a model call that is new. */
  completed(effectId: string, text: string): string;
  /** The part of the turn's reply that is new; the reply is usually the last model call's text. */
  replied(text: string): string;
}

export function createAnswerStream(): AnswerStream {
  let current = '';
  let shown = '';
  /** Of the attempt that is being written. */
  let written = '';
  const show = (text: string): string => {
    shown += text;
    return text;
  };
  const begin = (effectId: string): void => {
    if (effectId !== current) {
      shown = '';
      written = '';
    }
    current = effectId;
  };
  const caughtUp = (): string => {
    if (written.startsWith(shown)) return show(written.slice(shown.length));
    if (shown.startsWith(written)) return '';
    shown = written;
    return `\n\n${written}`;
  };
  return {
    delta({ effectId, offset, text }) {
      begin(effectId);
      if (offset > written.length) return '';
      written = written.slice(0, offset) + text;
      return caughtUp();
    },
    completed: (effectId, text) => {
      begin(effectId);
      return show(rest(shown, text));
    },
    replied: (text) => show(rest(shown, text)),
  };
}

/** What is missing from a text of which a beginning was shown. Another text altogether is missing whole. */
function rest(shown: string, text: string): string {
  return text.startsWith(shown) ? text.slice(shown.length) : text;
}
