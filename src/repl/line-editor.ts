import { createInterface, type Interface } from 'node:readline';
import type { Prompt, TerminalOutput } from './screen.ts';

/** What the editor tells its owner. */
export interface LineEvents {
  /** One row was entered. It is not yet a message: more may follow in the same paste. */
  onRow(row: string): void;
  /** The rows entered together, joined: a pasted or continued text, or a single line. */
  onText(text: string): void;
  onEscape(): void;
  onInterrupt(): void;
  onEnd(): void;
}

/** The line the user is typing, under everything else on the screen. */
export interface LineEditor extends Prompt {
  /** What stands there and was not entered yet. */
  readonly draft: string;
  clear(): void;
  close(): void;
}

export interface LineEditorOptions {
  readonly input: NodeJS.ReadableStream;
  readonly output: NodeJS.WritableStream & TerminalOutput;
  /** Lines entered before, latest first. */
  readonly history: readonly string[];
  complete(line: string): Promise<[candidates: string[], part: string]>;
}

const PROMPT = '› ';
const ESCAPE_DELAY_MS = 50;
const BRACKETED_PASTE_ON = '\x1b[?2004h';
const BRACKETED_PASTE_OFF = '\x1b[?2004l';

export function openLineEditor(options: LineEditorOptions, events: LineEvents): LineEditor {
  return new ReadlineEditor(options, events);
}

class ReadlineEditor implements LineEditor {
  readonly text = PROMPT;
  private readonly options: LineEditorOptions;
  private readonly events: LineEvents;
  private readonly lines: Interface;
  private rows: string[] = [];
  private pasting = false;
  private closed = false;

  constructor(options: LineEditorOptions, events: LineEvents) {
    this.options = options;
    this.events = events;
    this.lines = createInterface({
      input: options.input,
      output: options.output,
      terminal: true,
      prompt: PROMPT,
      history: [...options.history],
      removeHistoryDuplicates: true,
      escapeCodeTimeout: ESCAPE_DELAY_MS,
      completer: (line, done) => {
        options.complete(line).then(
          (found) => done(null, found),
          () => done(null, [[], line]),
        );
      },
    });
    this.listen();
    options.output.write(BRACKETED_PASTE_ON);
  }

  get draft(): string {
    return [...this.rows, this.lines.line].join('\n');
  }

  rowsAboveCursor(): number {
    return this.closed ? 0 : this.lines.getCursorPos().rows;
  }

  redraw(): void {
    if (this.closed) return;
    this.rememberRows();
    this.lines.prompt(true);
  }

  clear(): void {
    this.rows = [];
    this.rememberRows();
    this.lines.write(null, { ctrl: true, name: 'e' });
    this.lines.write(null, { ctrl: true, name: 'u' });
  }

  close(): void {
    this.lines.close();
  }

  /**
   * `node:readline` forgets to count rows while several characters arrive at once (a paste), and would then leave
   * some behind when it redraws. The count is an undocumented property: without it only that flaw comes back.
   */
  private rememberRows(): void {
    Reflect.set(this.lines, 'prevRows', this.rowsAboveCursor());
  }

  private listen(): void {
    this.options.input.on('keypress', this.onKey);
    this.lines.on('line', (row) => this.entered(row));
    this.lines.on('SIGINT', () => this.events.onInterrupt());
    this.lines.once('close', () => this.ended());
  }

  private readonly onKey = (_text: string | undefined, key: { name?: string }): void => {
    if (key.name === 'paste-start') this.pasting = true;
    if (key.name === 'paste-end') this.pasted();
    if (key.name === 'escape') this.events.onEscape();
  };

  private pasted(): void {
    this.pasting = false;
    this.rememberRows();
  }

  /** A row of a paste, or one that ends with a backslash, waits for the rows after it. */
  private entered(row: string): void {
    this.events.onRow(row);
    const continued = !this.pasting && row.endsWith('\\');
    this.rows.push(continued ? row.slice(0, -1) : row);
    if (this.pasting || continued) return;
    const text = this.rows.join('\n');
    this.rows = [];
    this.events.onText(text);
  }

  private ended(): void {
    this.closed = true;
    this.options.input.off('keypress', this.onKey);
    this.options.output.write(BRACKETED_PASTE_OFF);
    this.events.onEnd();
  }
}
