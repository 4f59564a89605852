import { RESET } from './style.ts';
import { displayWidth, fitted } from './width.ts';
import { wrapped } from './wrap.ts';

/** The terminal above the prompt: text flows into it while the user may be typing. */
export interface Screen {
  readonly columns: number;
  /** Text that goes on where the last one stopped. */
  write(text: string): void;
  /** Text on lines of its own. */
  lines(text: string): void;
  /** Ends the line that is being written, if one is. */
  endLine(): void;
  /** One dimmed row above the prompt, replaced by the next; empty for none. */
  status(text: string): void;
  /** To be called when the user has entered a line: takes what was typed off the screen. */
  entered(line: string): void;
  /** Takes everything below the finished rows off, and keeps what is to be shown until `release`. */
  hold(): void;
  release(): void;
  /** Takes the status off. Nothing is shown any more after it. */
  close(): void;
}

/** What the screen must know of the line editor below it. */
export interface Prompt {
  readonly text: string;
  /** Rows from the first row of the prompt to the cursor. */
  rowsAboveCursor(): number;
  redraw(): void;
}

export interface TerminalOutput {
  readonly columns?: number;
  write(text: string): unknown;
}

const DEFAULT_COLUMNS = 80;
const FEWEST_COLUMNS = 20;

/**
 * From top to bottom: finished rows, which the terminal scrolls and which are never touched again; the row that
 * is still being written; the status row; the prompt. Only the last three are repainted, so the scrollback is
 * the terminal's own and the user can type at any moment.
 */
export function createScreen(output: TerminalOutput, prompt: Prompt): Screen {
  return new PromptScreen(output, prompt);
}

class PromptScreen implements Screen {
  private readonly output: TerminalOutput;
  private readonly prompt: Prompt;
  private row = '';
  private note = '';
  private painted = 0;
  private closed = false;
  /** What waits to be shown, while another program has the terminal. */
  private held: (() => void)[] | undefined;

  constructor(output: TerminalOutput, prompt: Prompt) {
    this.output = output;
    this.prompt = prompt;
  }

  get columns(): number {
    // The last column stays free: terminals differ in when they break a row that fills it.
    return Math.max(FEWEST_COLUMNS, this.output.columns || DEFAULT_COLUMNS) - 1;
  }

  write(text: string): void {
    if (this.held) {
      this.held.push(() => this.write(text));
      return;
    }
    const rows = wrapped(this.row + text, this.columns);
    this.row = rows.at(-1) ?? '';
    this.repaint(rows.slice(0, -1));
  }

  lines(text: string): void {
    if (this.held) {
      this.held.push(() => this.lines(text));
      return;
    }
    this.write(`${this.row === '' ? '' : '\n'}${text}\n`);
  }

  endLine(): void {
    if (this.held) this.held.push(() => this.endLine());
    else if (this.row !== '') this.write('\n');
  }

  status(text: string): void {
    if (text === this.note) return;
    this.note = text;
    this.repaint([]);
  }

  entered(line: string): void {
    const typed = (this.prompt.text + line).split('\n').map(displayWidth);
    const rows = typed.reduce((sum, width) => sum + Math.floor(width / (this.columns + 1)) + 1, 0);
    this.output.write(this.erase(rows));
    this.painted = 0;
    this.repaint([]);
  }

  hold(): void {
    if (this.held || this.closed) return;
    this.output.write(this.erase(this.prompt.rowsAboveCursor()));
    this.painted = 0;
    this.held = [];
  }

  release(): void {
    const held = this.held ?? [];
    this.held = undefined;
    // The draft may have other rows by now, none of which is on the screen: it is drawn from the cursor's row on.
    if (!this.closed) this.output.write('\n'.repeat(this.prompt.rowsAboveCursor()));
    for (const show of held) show();
    this.repaint([]);
  }

  close(): void {
    this.endLine();
    this.status('');
    this.closed = true;
  }

  private repaint(finished: readonly string[]): void {
    if (this.closed || this.held) return;
    const below = this.prompt.rowsAboveCursor();
    const footer = this.footer();
    const rows = [...finished, ...footer].map((row) => `${row}${RESET}\n`);
    // The editor climbs over its own rows before it redraws: give it as many to climb.
    this.output.write(this.erase(below) + rows.join('') + '\n'.repeat(below));
    this.painted = footer.length;
    this.prompt.redraw();
  }

  private footer(): readonly string[] {
    const status = this.note === '' ? [] : [`\x1b[2m${fitted(this.note, this.columns)}`];
    return this.row === '' ? status : [this.row.trimEnd(), ...status];
  }

  private erase(below: number): string {
    const up = this.painted + below;
    return `\r${up > 0 ? `\x1b[${up}A` : ''}\x1b[J`;
  }
}
