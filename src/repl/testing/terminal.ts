import { PassThrough, Writable } from 'node:stream';

/**
 * A terminal for tests: keys go in, and the rows that a person would see can be read. Understands the cursor
 * movements and erasures that a line editor uses; colours are left out. Rows never scroll away.
 */
export class TestTerminal {
  readonly input = new PassThrough();
  readonly output: Writable & { columns: number };
  /** Everything that was written, as it was written. */
  raw = '';
  private rows: string[][] = [[]];
  private row = 0;
  private column = 0;
  private watchers: (() => void)[] = [];

  constructor(columns = 80) {
    const output = new Writable({
      write: (chunk, _encoding, done) => {
        this.feed(String(chunk));
        done();
      },
    });
    this.output = Object.assign(output, { columns });
  }

  /** What is on the screen, without blanks at row ends and without empty rows below. */
  get screen(): string {
    return this.rows
      .map((row) =>
        Array.from(row, (cell) => cell ?? ' ')
          .join('')
          .trimEnd(),
      )
      .join('\n')
      .trimEnd();
  }

  type(keys: string): void {
    this.input.write(keys);
  }

  /** Resolves as soon as the screen shows this. */
  async shows(text: string | RegExp): Promise<void> {
    const isShown = () => (typeof text === 'string' ? this.screen.includes(text) : text.test(this.screen));
    while (!isShown()) await new Promise<void>((resolve) => this.watchers.push(resolve));
  }

  private feed(text: string): void {
    this.raw += text;
    for (const [piece] of text.matchAll(TOKENS)) this.apply(piece);
    for (const wake of this.watchers.splice(0)) wake();
  }

  private apply(piece: string): void {
    const [, parameter = '', final = ''] = SEQUENCE.exec(piece) ?? [];
    if (final !== '') this.move(final, Number(parameter || (final === 'J' ? 0 : 1)));
    else if (piece === '\n') this.lineFeed();
    else if (piece === '\r') this.column = 0;
    else if (piece >= ' ') this.put(piece);
  }

  private move(final: string, count: number): void {
    if (final === 'A') this.row = Math.max(0, this.row - count);
    if (final === 'B') this.row += count;
    if (final === 'C') this.column += count;
    if (final === 'D') this.column = Math.max(0, this.column - count);
    if (final === 'G') this.column = count - 1;
    if (final === 'J') this.eraseBelow();
  }

  private eraseBelow(): void {
    this.rows.length = this.row + 1;
    this.current().length = Math.min(this.current().length, this.column);
  }

  /** Output of a terminal in raw mode still turns a line feed into both. */
  private lineFeed(): void {
    this.row++;
    this.column = 0;
    this.current();
  }

  private put(char: string): void {
    if (this.column >= this.output.columns) this.lineFeed();
    this.current()[this.column++] = char;
  }

  private current(): string[] {
    while (this.rows.length <= this.row) this.rows.push([]);
    return this.rows[this.row] ?? [];
  }
}

const ESCAPE = String.fromCharCode(27);
const TOKENS = new RegExp(`${ESCAPE}\\[[0-9;?]*[A-Za-z]|.`, 'gsu');
const SEQUENCE = new RegExp(`^${ESCAPE}\\[([0-9;?]*)([A-Za-z])$`);
