import { coerceError } from '../core/errors.ts';
import type { Client, ConnectionState } from './client.ts';
import { completions, localHelp } from './commands.ts';
import { ConversationView } from './conversation-view.ts';
import { openHistory } from './history-file.ts';
import { type Intent, readInput } from './input.ts';
import { type LineEditor, openLineEditor } from './line-editor.ts';
import { isOffered } from './question.ts';
import { createScreen, type Screen, type TerminalOutput } from './screen.ts';
import { createStyle, type Style } from './style.ts';
import { conversationsText, grantsText, latestFirst } from './tables.ts';
import { treeText } from './tree-text.ts';

export interface ReplOptions {
  readonly input: NodeJS.ReadableStream;
  readonly output: NodeJS.WritableStream & TerminalOutput;
  readonly colour: boolean;
  /** Makes the connection; the terminal tells its user how it fares. */
  connect(onState: (state: ConnectionState) => void): Promise<Client>;
  /** The conversation to go on with; without it the latest, and without any a new one. */
  readonly conversationId?: string;
  /** The file for entered lines. */
  readonly historyPath: string;
  newConversationId(): string;
  /** A fresh login link for a browser. */
  loginLink(): Promise<string>;
  /** How to come back to a conversation, as the user would type it. */
  resumeCommand(conversationId: string): string;
}

/** Talks with the user until they leave or the connection is closed for good. */
export async function runRepl(options: ReplOptions): Promise<void> {
  const repl = new Repl(options);
  await repl.run();
}

const REPLAYED_ENTRIES = 40;
const HISTORY_ENTRIES = 100;
const NOTHING_ASKED = 'Nothing is waiting for an approval.';

class Repl {
  private readonly options: ReplOptions;
  private readonly style: Style;
  private readonly editor: LineEditor;
  private readonly screen: Screen;
  private readonly history;
  private readonly ended = Promise.withResolvers<void>();
  private readonly waiting = new Map<string, string>();
  /** What was sent from here to this conversation. */
  private readonly sent = new Set<string>();
  private view: ConversationView;
  private readonly ready = Promise.withResolvers<Client>();
  private conversationId = '';
  private watch: { stop(): unknown } | undefined;
  private conversationIds: readonly string[] = [];
  private connection: ConnectionState = 'connected';
  private interrupting = false;
  private leaving = false;
  private questionChangedUnderDraft = false;

  constructor(options: ReplOptions) {
    this.options = options;
    this.style = createStyle(options.colour);
    this.history = openHistory(options.historyPath);
    this.editor = this.openEditor();
    this.screen = createScreen(options.output, this.editor);
    this.view = new ConversationView(this.screen, this.style);
  }

  async run(): Promise<void> {
    let client: Client | undefined;
    try {
      client = await this.options.connect((state) => this.onConnection(state));
      await this.begin(client);
      this.ready.resolve(client);
      await this.ended.promise;
    } finally {
      this.leave();
      await client?.close();
    }
  }

  private openEditor(): LineEditor {
    const { input, output } = this.options;
    return openLineEditor(
      { input, output, history: this.history.lines, complete: (line) => this.complete(line) },
      {
        onRow: (row) => this.screen.entered(row),
        onText: (text) => void this.attempt(() => this.entered(text)),
        onEscape: () => void this.attempt(() => this.interrupt()),
        onInterrupt: () => void this.attempt(() => this.onControlC()),
        onEnd: () => this.farewell(),
      },
    );
  }

  private async begin(client: Client): Promise<void> {
    const { version, model } = client.welcome;
    this.screen.lines(`${this.style.bold(`Ironbark ${version}`)} ${this.style.dim(`· ${model} · /help`)}`);
    const known = latestFirst(await client.conversations());
    this.conversationIds = known.map(({ conversationId }) => conversationId);
    const resumed = this.options.conversationId ?? this.conversationIds[0];
    if (resumed === undefined) await this.open(client, this.options.newConversationId(), 0);
    else await this.resume(client, resumed);
  }

  /** Shows the end of what was said, then goes on from exactly there. */
  private async resume(client: Client, conversationId: string): Promise<void> {
    const { entries, hasMore } = await client.history(conversationId, { limit: REPLAYED_ENTRIES });
    if (entries.length > 0)
      this.note(`${hasMore ? '… ' : ''}conversation ${conversationId} (/new begins another)`);
    this.changeTo(conversationId);
    for (const entry of entries) this.view.show({ type: 'entry', entry });
    await this.open(client, conversationId, entries.at(-1)?.seq ?? 0);
    await this.askPending(client);
  }

  private async open(client: Client, conversationId: string, after: number): Promise<void> {
    if (this.conversationId !== conversationId) this.changeTo(conversationId);
    const { view } = this;
    this.watch = await client.subscribe(conversationId, after, (event) => {
      const { question } = view;
      view.show(event);
      if (view.opened !== undefined) void this.attempt(() => this.follow(client));
      if (view.question !== question) this.onQuestion();
      this.settleWaiting();
      this.showStatus();
    });
    this.showStatus();
  }

  /** Goes where a command leads, if it was typed here: other screens on the conversation stay. */
  private async follow(client: Client): Promise<void> {
    const { opened } = this.view;
    if (opened === undefined || !this.sent.has(opened.by)) return;
    this.view.opened = undefined;
    await this.resume(client, opened.conversationId);
  }

  private changeTo(conversationId: string): void {
    this.watch?.stop();
    this.conversationId = conversationId;
    this.waiting.clear();
    this.sent.clear();
    this.view = new ConversationView(this.screen, this.style);
  }

  /** Questions older than what was replayed, and how many wait elsewhere. */
  private async askPending(client: Client): Promise<void> {
    const pending = await client.approvals();
    const here = pending.filter(({ conversationId }) => conversationId === this.conversationId);
    for (const question of here) this.view.ask(question);
    const elsewhere = pending.find(({ conversationId }) => conversationId !== this.conversationId);
    if (elsewhere)
      this.note(`An approval waits in another conversation: /resume ${elsewhere.conversationId}`);
  }

  private async entered(text: string): Promise<void> {
    if (!text.includes('\n')) this.history.add(text);
    this.leaving = false;
    // What is typed ahead of the connection waits for it.
    const client = await this.ready.promise;
    const stale = this.questionChangedUnderDraft;
    this.questionChangedUnderDraft = false;
    const asked = this.view.question !== undefined;
    const intent = readInput(text, { busy: this.view.busy, asked: asked || stale });
    if (intent.type === 'decide' && stale) return this.note(this.whyStale());
    await this.act(intent, client);
  }

  /** An answer goes neither to a question that its writer had not read nor, as a message, to the model. */
  private whyStale(): string {
    if (this.view.question !== undefined) return 'You began that before the question came: answer again.';
    return this.view.settled ?? NOTHING_ASKED;
  }

  private async act(intent: Intent, client: Client): Promise<void> {
    switch (intent.type) {
      case 'nothing':
        return;
      case 'send':
        return this.send(intent, client);
      case 'decide':
        return this.decide(intent, client);
      case 'help':
        if (intent.argument === '') this.screen.lines(localHelp());
        return this.send({ type: 'send', text: `/help ${intent.argument}`.trim(), mode: 'auto' }, client);
      case 'new':
        return this.startAnother(client, intent.argument);
      case 'conversations':
        return this.screen.lines(conversationsText(await client.conversations()));
      case 'resume':
        return this.resumeOther(client, intent.argument);
      case 'history':
        return this.showHistory(client, intent.argument);
      case 'interrupt':
        return this.interrupt();
      case 'grants':
        return this.screen.lines(grantsText(await client.grants()));
      case 'tree':
        return this.screen.lines(treeText(await client.tree(), this.style));
      case 'link':
        return this.screen.lines(await this.options.loginLink());
      case 'quit':
        return this.leave();
    }
  }

  private async send({ text, mode }: Extract<Intent, { type: 'send' }>, client: Client): Promise<void> {
    const { view, conversationId } = this;
    const placeholder = `sending ${this.waiting.size}`;
    this.waiting.set(placeholder, text);
    this.showStatus();
    try {
      const { inboxId } = await client.send(conversationId, text, { mode });
      if (view === this.view && !view.hasTaken(inboxId)) this.waiting.set(inboxId, text);
      this.sent.add(inboxId);
      await this.follow(client);
    } finally {
      this.waiting.delete(placeholder);
      this.showStatus();
    }
  }

  private async decide(
    { decision, reason }: Extract<Intent, { type: 'decide' }>,
    client: Client,
  ): Promise<void> {
    const { question } = this.view;
    if (question === undefined) return this.note(this.view.settled ?? NOTHING_ASKED);
    if (!isOffered(decision, question)) {
      return this.note(`${question.tool} must be asked for each time: 1 allows it once, 4 denies it.`);
    }
    await client.approve(this.conversationId, question.approvalId, decision, reason);
  }

  private async startAnother(client: Client, title: string): Promise<void> {
    if (title !== '') return this.send({ type: 'send', text: `/new ${title}`, mode: 'auto' }, client);
    await this.open(client, this.options.newConversationId(), 0);
    this.note('A new conversation.');
  }

  private async resumeOther(client: Client, asked: string): Promise<void> {
    const known = latestFirst(await client.conversations()).map(({ conversationId }) => conversationId);
    this.conversationIds = known;
    const found = asked === '' ? known.find((id) => id !== this.conversationId) : asked;
    if (found === undefined) return this.note('There is no other conversation.');
    // The beginning of an id, or words: the assistant knows which conversation fits, and takes us there.
    if (!known.includes(found)) {
      return this.send({ type: 'send', text: `/resume ${asked}`, mode: 'auto' }, client);
    }
    await this.resume(client, found);
  }

  private async showHistory(client: Client, count: string): Promise<void> {
    const limit = Number.parseInt(count, 10) || HISTORY_ENTRIES;
    const { entries } = await client.history(this.conversationId, { limit });
    const past = new ConversationView(this.screen, this.style);
    for (const entry of entries) if (entry.type !== 'approval.requested') past.show({ type: 'entry', entry });
    if (entries.length === 0) this.note('Nothing was said yet.');
  }

  private async interrupt(): Promise<void> {
    if (!this.view.busy || this.interrupting) return;
    this.interrupting = true;
    this.showStatus();
    try {
      const client = await this.ready.promise;
      await client.interrupt(this.conversationId);
    } finally {
      this.interrupting = false;
      this.showStatus();
    }
  }

  /** First whatever is typed, then whatever runs, then (twice) the terminal itself. */
  private async onControlC(): Promise<void> {
    if (this.editor.draft !== '') return this.editor.clear();
    if (this.view.busy && !this.leaving) {
      this.leaving = true;
      return this.interrupt();
    }
    if (this.leaving) return this.leave();
    this.leaving = true;
    this.note('Press Ctrl+C again to leave, or go on typing.');
  }

  private leave(): void {
    this.editor.close();
  }

  private farewell(): void {
    const goesOn = this.view.busy ? 'It goes on working. ' : '';
    if (this.conversationId !== '') {
      this.screen.lines(`${goesOn}Come back with: ${this.options.resumeCommand(this.conversationId)}`);
    }
    this.screen.close();
    this.ended.resolve();
  }

  private onConnection(state: ConnectionState): void {
    const lost = state === 'reconnecting' && this.connection === 'connected';
    const back = state === 'connected' && this.connection === 'reconnecting';
    this.connection = state;
    if (lost) this.note('Connection lost. Reconnecting; nothing you sent is lost.');
    if (back) this.note('Connected again.');
    if (state === 'closed') this.leave();
    this.showStatus();
  }

  private onQuestion(): void {
    this.questionChangedUnderDraft = this.editor.draft !== '';
  }

  private settleWaiting(): void {
    for (const inboxId of this.waiting.keys()) if (this.view.hasTaken(inboxId)) this.waiting.delete(inboxId);
    if (!this.view.busy) this.leaving = false;
  }

  private showStatus(): void {
    const busy = this.view.activity === '' ? '' : `${this.view.activity} · Esc stops it`;
    const parts = [
      this.connection === 'reconnecting' ? 'reconnecting' : '',
      this.interrupting ? 'stopping' : busy,
      this.waitingNote(),
    ];
    this.screen.status(parts.filter((part) => part !== '').join(' · '));
  }

  private waitingNote(): string {
    const [first] = this.waiting.values();
    if (first === undefined || !this.view.busy) return '';
    return this.waiting.size === 1
      ? `next: ${first.split('\n', 1)[0]}`
      : `${this.waiting.size} messages wait`;
  }

  private note(text: string): void {
    this.screen.lines(this.style.dim(text));
  }

  private async complete(line: string): Promise<[string[], string]> {
    return completions(line, this.conversationIds);
  }

  /** A request that fails is told and changes nothing else. */
  private async attempt(work: () => void | Promise<void>): Promise<void> {
    try {
      await work();
    } catch (thrown) {
      this.screen.lines(this.style.bad(`error: ${coerceError(thrown).message}`));
      this.showStatus();
    }
  }
}
