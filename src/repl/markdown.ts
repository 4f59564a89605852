import type { Style } from './style.ts';

/** Turns the commonest Markdown into terminal colours while it is still being written. */
export interface MarkdownStream {
  /** Returns what can be shown; what could still become a mark is held back until the next piece. */
  write(piece: string): string;
  /** Returns what was held back, and turns off whatever is on. */
  end(): string;
}

const BOLD_ON = '\x1b[1m';
const BOLD_OFF = '\x1b[22m';
const CODE_ON = '\x1b[36m';
const CODE_OFF = '\x1b[39m';

/**
 * Headings and `**strong**` become bold, `code` and fenced blocks coloured, list marks bullets. Nothing else is
 * touched, and without colour nothing at all: the text stays as the model wrote it.
 */
export function createMarkdown(style: Style): MarkdownStream {
  return style.colour ? new ColouredMarkdown() : { write: (piece) => piece, end: () => '' };
}

class ColouredMarkdown implements MarkdownStream {
  private held = '';
  private atLineStart = true;
  private fenced = false;
  private strong = false;
  private code = false;
  private heading = false;
  private previous = ' ';

  write(piece: string): string {
    let shown = '';
    for (const char of piece) {
      this.held += char;
      shown += this.atLineStart ? this.lineStart() : this.inline();
    }
    return shown;
  }

  end(): string {
    const rest = this.held;
    this.held = '';
    return rest + this.endLine();
  }

  private lineStart(): string {
    if (couldBecomeMark(this.held)) return '';
    this.atLineStart = false;
    if (isFence(this.held)) return this.toggleFence();
    return this.fenced ? this.release() : this.lineMark();
  }

  /** A fence's own line is shown too, so that what is copied from the terminal stays Markdown. */
  private toggleFence(): string {
    const line = this.release();
    const shown = this.fenced ? line + CODE_OFF : CODE_ON + line;
    this.fenced = !this.fenced;
    return shown;
  }

  private lineMark(): string {
    if (/^ *#{1,6} $/.test(this.held)) return this.beginHeading();
    const indent = /^( *)[-*+] $/.exec(this.held)?.[1];
    if (indent !== undefined) return this.replace(`${indent}• `);
    const rest = this.held;
    this.held = '';
    return [...rest].map((char) => this.inlineNext(char)).join('');
  }

  private beginHeading(): string {
    this.heading = true;
    return this.replace(BOLD_ON);
  }

  private inlineNext(char: string): string {
    this.held += char;
    return this.inline();
  }

  private inline(): string {
    if (this.fenced || this.held === '\n') return this.release();
    if (this.held === '`') return this.toggleCode();
    if (this.code || this.heading) return this.release();
    if (this.held === '*' || this.held === '**') return '';
    if (this.held.startsWith('**')) return this.toggleStrong();
    return this.release();
  }

  private toggleCode(): string {
    this.code = !this.code;
    return this.replace(this.code ? `${CODE_ON}\`` : `\`${CODE_OFF}`);
  }

  /** `**` opens before a word and closes after one; anywhere else (`2 ** 3`) it is just two stars. */
  private toggleStrong(): string {
    const following = this.held.slice(2);
    const fits = this.strong ? this.previous !== ' ' : following.trim() !== '';
    if (!fits) return this.release();
    this.strong = !this.strong;
    this.held = '';
    return (this.strong ? BOLD_ON : BOLD_OFF) + this.inlineNext(following);
  }

  private release(): string {
    return this.replace(this.held);
  }

  private replace(shown: string): string {
    const ended = this.held.endsWith('\n');
    this.previous = this.held.at(-1) ?? ' ';
    this.held = '';
    if (!ended) return shown;
    this.atLineStart = true;
    return `${shown.slice(0, -1)}${this.fenced ? '' : this.endLine()}\n`;
  }

  /** Marks end with their line at the latest: a stray one colours no more than that. */
  private endLine(): string {
    const off = (this.strong || this.heading ? BOLD_OFF : '') + (this.code || this.fenced ? CODE_OFF : '');
    this.strong = false;
    this.heading = false;
    this.code = false;
    return off;
  }
}

function couldBecomeMark(held: string): boolean {
  return /^ *(#{1,6}|[-*+]|`{1,2}|```[^\n]*)?$/.test(held);
}

function isFence(held: string): boolean {
  return /^ *```/.test(held);
}
