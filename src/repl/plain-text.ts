/**
 * Takes everything out of a text that a terminal would obey rather than show: escape sequences (colours, cursor
 * movements, titles, links, clipboard writes), other control characters, and the invisible marks that reverse
 * the direction of writing. Text of models and tools passes through here before it reaches a terminal.
 */
export function plainText(text: string): string {
  return createPlainText().write(text);
}

/** The same for text that comes in pieces: a sequence may begin in one and end in the next. */
export function createPlainText(): { write(piece: string): string } {
  let state: State = 'text';
  return {
    write: (piece) => {
      let shown = '';
      for (const char of piece) {
        const before = state;
        state = next(before, char);
        if (state === 'text' && isShown(before, char)) shown += char === '\t' ? TAB : char;
      }
      return shown;
    },
  };
}

/**
 * | state      | within                                                                |
 * |------------|-----------------------------------------------------------------------|
 * | `text`     | nothing: characters are shown                                         |
 * | `escape`   | after ESC                                                             |
 * | `sequence` | parameters of a control sequence, up to its final letter              |
 * | `string`   | an operating system command or the like, up to BEL, ST or a line end  |
 */
type State = 'text' | 'escape' | 'sequence' | 'string';

const TAB = '    ';

function next(state: State, char: string): State {
  if (char === '\x1b') return 'escape';
  if (char === '\n') return 'text';
  if (state === 'text') return afterText(char);
  if (state === 'escape') return afterEscape(char);
  if (state === 'sequence') return /[ -?]/.test(char) ? 'sequence' : 'text';
  return char === '\x07' || char === '\x9c' ? 'text' : 'string';
}

function afterText(char: string): State {
  if (char === '\x9b') return 'sequence';
  return /[\x90\x98\x9d-\x9f]/.test(char) ? 'string' : 'text';
}

function afterEscape(char: string): State {
  if (char === '[') return 'sequence';
  if (/[PX\]^_]/.test(char)) return 'string';
  return /[ -/]/.test(char) ? 'escape' : 'text';
}

/** The character that ends a sequence belongs to it; a line end is always kept. */
function isShown(before: State, char: string): boolean {
  if (char === '\n') return true;
  return before === 'text' && (char === '\t' || !/[\p{Cc}\u202a-\u202e\u2066-\u2069]/u.test(char));
}
