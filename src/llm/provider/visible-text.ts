/** Keeps a model's thoughts, and calls that it writes as text, away from who reads along. */
export interface VisibleText {
  /** Takes the next piece and returns what may be shown now. */
  push(piece: string): string;
  /** What is left to show. */
  end(): string;
}

type Mode =
  | { readonly type: 'showing' }
  /** Ends with `closing`. `certain`: it began a line; a tag in the middle of one may be a mere mention. */
  | {
      readonly type: 'hiding';
      readonly opening: string;
      readonly closing: string;
      readonly certain: boolean;
    }
  /** Until the end. */
  | { readonly type: 'holding'; readonly opening: string };

const SHOWING: Mode = { type: 'showing' };

const TOKENS = ['```', '<think>', '<thinking>', '<tool_call>', '<function='];

/**
 * Leaves out `<think>…</think>` and `<thinking>…</thinking>`, also where a tag is split over pieces; not in code, nor
 * within a line where none ever ends. With `holdCalls`, everything from the first call written as text on is held back
 * until the end. Otherwise it holds back less than a tag. Each piece costs time in proportion to its length.
 */
export function createVisibleText({ holdCalls }: { readonly holdCalls: boolean }): VisibleText {
  const page = createPage();
  let mode: Mode = SHOWING;
  let waiting = '';
  let hidden = '';

  const showNext = (): string => {
    const { before, token, after } = divide(waiting, TOKENS);
    waiting = after;
    const shown = page.show(before);
    if (token === '') return shown;
    mode = page.modeAfter(token, holdCalls);
    return mode === SHOWING ? shown + page.show(token) : shown;
  };

  const hideNext = (closing: string): void => {
    const { before, token, after } = divide(waiting, [closing]);
    waiting = after;
    hidden += before;
    if (token === '') return;
    mode = SHOWING;
    hidden = '';
    page.skipSpace();
  };

  const takeNext = (): string => {
    if (mode.type === 'showing') return showNext();
    if (mode.type === 'hiding') hideNext(mode.closing);
    return '';
  };

  return {
    push(piece) {
      waiting += piece;
      let shown = '';
      for (let before = -1; before !== waiting.length; ) {
        before = waiting.length;
        shown += takeNext();
      }
      return shown;
    },
    end() {
      if (mode.type === 'showing') return page.show(waiting);
      if (mode.type === 'holding') return mode.opening + waiting;
      return mode.certain ? '' : mode.opening + hidden + waiting;
    },
  };
}

/** Divides at the first token; without one, where the beginning of one may stand at the end. */
function divide(text: string, tokens: readonly string[]): Record<'before' | 'token' | 'after', string> {
  if (!/[<`]/.test(text)) return { before: text, token: '', after: '' };
  const lower = text.toLowerCase();
  const found = tokens
    .map((token) => ({ at: lower.indexOf(token), length: token.length }))
    .filter(({ at }) => at !== -1)
    .sort((one, other) => one.at - other.at)[0];
  const at = found?.at ?? heldFrom(lower, tokens);
  const end = at + (found?.length ?? 0);
  return { before: text.slice(0, at), token: text.slice(at, end), after: text.slice(end) };
}

function heldFrom(lower: string, tokens: readonly string[]): number {
  const longest = Math.max(...tokens.map(({ length }) => length));
  for (let from = Math.max(0, lower.length - longest + 1); from < lower.length; from++) {
    const end = lower.slice(from);
    if (tokens.some((token) => token.startsWith(end))) return from;
  }
  return lower.length;
}

interface Page {
  show(text: string): string;
  /** Leaves out the space that comes next, where a line would begin with it. */
  skipSpace(): void;
  modeAfter(token: string, holdCalls: boolean): Mode;
}

/** Remembers what of the shown text decides about what comes next. */
function createPage(): Page {
  /** Whether the line has nothing on it so far, and the last that was shown of it. */
  let blank = true;
  let last = '';
  let inFence = false;
  let skipping = false;
  return {
    show(text) {
      const shown = skipping ? text.trimStart() : text;
      if (shown !== '') skipping = false;
      const lineBreak = shown.lastIndexOf('\n');
      blank = (lineBreak !== -1 || blank) && shown.slice(lineBreak + 1).trim() === '';
      last = shown.at(-1) ?? last;
      return shown;
    },
    skipSpace() {
      skipping = blank;
    },
    modeAfter(token, holdCalls) {
      const certain = blank;
      if (token === '```' && certain) inFence = !inFence;
      if (token === '```' || inFence || last === '`') return SHOWING;
      if (/^<think/i.test(token)) {
        return { type: 'hiding', opening: token, closing: token.toLowerCase().replace('<', '</'), certain };
      }
      return holdCalls && certain ? { type: 'holding', opening: token } : SHOWING;
    },
  };
}
