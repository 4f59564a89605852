import type { LiveEvent } from '../core/assistant.ts';

type Delta = Extract<LiveEvent, { type: 'delta' }>;

/** Decides which part of an answer has not been shown yet, whether it came in pieces, whole, or both. */
export interface AnswerStream {
  /** The part of the piece that is new. Empty where pieces before it are missing: the whole text will follow. */
  delta(delta: Delta): string;
  /** The part of the finished text of a model call that is new. */
  completed(effectId: string, text: string): string;
  /** The part of the turn's reply that is new; the reply is usually the last model call's text. */
  replied(text: string): string;
}

export function createAnswerStream(): AnswerStream {
  let current = '';
  let shown = '';
  const show = (text: string) => {
    shown += text;
    return text;
  };
  const begin = (effectId: string) => {
    if (effectId !== current) shown = '';
    current = effectId;
  };
  return {
    delta: ({ effectId, offset, text }) => {
      begin(effectId);
      return offset > shown.length ? '' : show(text.slice(shown.length - offset));
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
