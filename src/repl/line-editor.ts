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
  onShortcut(shortcut: Shortcut): void;
}

/** Keys that are not about the letters on the line. */
export type Shortcut = 'complete' | 'edit' | 'expand' | 'recall' | 'stash';

/** The line the user is typing, under everything else on the screen. */
export interface LineEditor extends Prompt {
  /** What stands there and was not entered yet. */
  readonly draft: string;
  /** Of the line itself, what stands before the cursor. */
  readonly beforeCursor: string;
  clear(): void;
  /** Puts a text where the end of what stands before the cursor was. */
  replaceEnd(end: string, text: string): void;
  /** Puts a draft in place of what stands there; @returns how many rows of it are kept out of sight. */
  replace(draft: string): number;
  /** Lets go of the keys, so that another program can have the terminal. */
  suspend(): void;
  resume(): void;
  close(): void;
}

export interface LineEditorOptions {
  readonly input: NodeJS.ReadableStream;
  readonly output: NodeJS.WritableStream & TerminalOutput;
  /** Lines entered before, latest first. */
  readonly history: readonly string[];
}

const PROMPT = '› ';
const ESCAPE_DELAY_MS = 50;
const BRACKETED_PASTE_ON = '\x1b[?2004h';
const BRACKETED_PASTE_OFF = '\x1b[?2004l';
/** A line that is taller than the screen cannot be redrawn. */
const MOST_SHOWN_ROWS = 10;

const CONTROL_KEYS: { readonly [name: string]: Shortcut } = {
  g: 'edit',
  o: 'expand',
  r: 'recall',
  s: 'stash',
};

interface Key {
  name?: string;
  ctrl?: boolean;
  meta?: boolean;
  shift?: boolean;
}

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
    });
    this.listen();
    options.output.write(BRACKETED_PASTE_ON);
  }

  get draft(): string {
    return [...this.rows, this.lines.line].join('\n');
  }

  get beforeCursor(): string {
    return this.lines.line.slice(0, this.lines.cursor);
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

  replaceEnd(end: string, text: string): void {
    const { line, cursor } = this.lines;
    const before = line.slice(0, cursor - end.length) + text;
    this.setLine(before + line.slice(cursor), before.length);
    this.lines.prompt(true);
  }

  replace(draft: string): number {
    const rows = draft.split('\n');
    this.rows = rows.splice(0, Math.max(0, rows.length - MOST_SHOWN_ROWS));
    const line = rows.join('\n');
    this.setLine(line, line.length);
    return this.rows.length;
  }

  suspend(): void {
    this.lines.pause();
    this.setRawMode(false);
    this.options.output.write(BRACKETED_PASTE_OFF);
  }

  resume(): void {
    if (this.closed) return;
    this.setRawMode(true);
    this.options.output.write(BRACKETED_PASTE_ON);
    this.lines.resume();
  }

  close(): void {
    this.lines.close();
  }

  /** `node:readline` can be told a line only key by key, and takes a line break for Enter; so by its own fields. */
  private setLine(line: string, cursor: number): void {
    this.rememberRows();
    Reflect.set(this.lines, 'line', line);
    Reflect.set(this.lines, 'cursor', cursor);
  }

  private setRawMode(isRaw: boolean): void {
    const { input } = this.options;
    if (isTerminal(input)) input.setRawMode(isRaw);
  }

  /**
   * `node:readline` forgets to count rows while several characters arrive at once (a paste), and would then leave
   * some behind when it redraws. The count is an undocumented property: without it only that flaw comes back.
   */
  private rememberRows(): void {
    Reflect.set(this.lines, 'prevRows', this.rowsAboveCursor());
  }

  private listen(): void {
    this.options.input.prependListener('keypress', this.takeKey);
    this.options.input.on('keypress', this.onKey);
    this.lines.on('line', (row) => this.entered(row));
    this.lines.on('SIGINT', () => this.events.onInterrupt());
    this.lines.once('close', () => this.ended());
  }

  /** Before `node:readline` sees it: a key that is ours is made one that it does nothing with. */
  private readonly takeKey = (_text: string | undefined, key: Key): void => {
    const work = this.ownWork(key);
    if (work === undefined) return;
    Object.assign(key, { name: 'taken', ctrl: true, meta: false, shift: false });
    work();
  };

  private ownWork(key: Key): (() => void) | undefined {
    const { name, meta = false } = key;
    if (name === 'return' && !meta && this.lines.line.includes('\n')) return () => this.enterRows();
    if (this.pasting) return undefined;
    if (name === 'enter' || (name === 'return' && meta)) return () => this.replaceEnd('', '\n');
    const shortcut = shortcutOf(key);
    return shortcut && (() => this.events.onShortcut(shortcut));
  }

  /** `node:readline` would turn the order of the rows around, which is how its history keeps them (Node 26). */
  private enterRows(): void {
    const { line } = this.lines;
    this.setLine(line, line.length);
    this.lines.prompt(true);
    this.options.output.write('\r\n');
    this.setLine('', 0);
    this.entered(line);
  }

  private readonly onKey = (_text: string | undefined, key: Key): void => {
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
    this.options.input.off('keypress', this.takeKey);
    this.options.input.off('keypress', this.onKey);
    this.options.output.write(BRACKETED_PASTE_OFF);
    this.events.onEnd();
  }
}

function shortcutOf({ name = '', ctrl = false, meta = false, shift = false }: Key): Shortcut | undefined {
  if (name === 'tab' && !ctrl && !meta && !shift) return 'complete';
  return ctrl && !meta && Object.hasOwn(CONTROL_KEYS, name) ? CONTROL_KEYS[name] : undefined;
}

function isTerminal(input: NodeJS.ReadableStream): input is NodeJS.ReadStream {
  return 'setRawMode' in input;
}
