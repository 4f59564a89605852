import { coerceError } from '../core/errors.ts';
import type { Result } from '../core/result.ts';
import type { Client, ConnectionState } from './client.ts';
import { localHelp } from './commands.ts';
import { complete, sharedBeginning } from './complete.ts';
import { ConversationView } from './conversation-view.ts';
import { openHistory } from './history-file.ts';
import { type Intent, readInput } from './input.ts';
import { type LineEditor, openLineEditor, type Shortcut } from './line-editor.ts';
import { plainText } from './plain-text.ts';
import { isOffered } from './question.ts';
import { createScreen, type Screen, type TerminalOutput } from './screen.ts';
import { createStyle, type Style } from './style.ts';
import { conversationsText, grantsText, latestFirst } from './tables.ts';
import { dollars } from './tally.ts';
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
  /** The text as the user left it in an editor of their own, or in words why there is none. */
  edit(text: string): Promise<Result<string, string>>;
  /** The folder that the assistant's file tools begin in; undefined where it cannot be told. */
  filesFolder(): Promise<string | undefined>;
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
const MOST_OFFERED = 40;
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
  private client: Client | undefined;
  private conversationId = '';
  private watch: { stop(): unknown } | undefined;
  private conversationIds: readonly string[] = [];
  private connection: ConnectionState = 'connected';
  private interrupting = false;
  private leaving = false;
  private questionChangedUnderDraft = false;
  private editing = false;
  /** What was looked for in the history, and what was found last. */
  private recalled: { readonly text: string; readonly line: string } | undefined;
  /** A draft that was put aside. */
  private stashed = '';
  /** What this conversation has cost, where its models have a price. */
  private spent = '';

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
      this.client = client;
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
      { input, output, history: this.history.lines },
      {
        onRow: (row) => this.screen.entered(row),
        onText: (text) => void this.attempt(() => this.entered(text)),
        onEscape: () => void this.attempt(() => this.interrupt()),
        onInterrupt: () => void this.attempt(() => this.onControlC()),
        onEnd: () => this.farewell(),
        onShortcut: (shortcut) => void this.attempt(() => this.onShortcut(shortcut)),
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
      if (event.type === 'entry' && event.entry.type === 'turn.replied')
        void this.attempt(() => this.askSpending(client));
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
    this.spent = '';
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
    const kept = this.view.busy ? 'What it was doing is kept. ' : '';
    if (this.conversationId !== '') {
      this.screen.lines(`${kept}Come back with: ${this.options.resumeCommand(this.conversationId)}`);
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
    this.questionChangedUnderDraft = this.editing || this.editor.draft !== '';
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
      this.stashed === '' ? '' : 'draft put aside',
      ...(this.view.busy ? [] : [this.view.tally.text, this.spent]),
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

  private async onShortcut(shortcut: Shortcut): Promise<void> {
    switch (shortcut) {
      case 'complete':
        return this.complete();
      case 'edit':
        return this.edit();
      case 'expand':
        if (!this.view.expandCall()) this.note('No more calls to show.');
        return;
      case 'recall':
        return this.recall();
      case 'stash':
        return this.stash();
    }
  }

  private async complete(): Promise<void> {
    const { beforeCursor } = this.editor;
    const { part, candidates } = await complete(beforeCursor, {
      conversationIds: () => this.conversationIds,
      models: () => this.client?.models,
      filesFolder: () => this.options.filesFolder(),
    });
    if (candidates.length === 0 || this.editor.beforeCursor !== beforeCursor) return;
    const shared = sharedBeginning(candidates);
    if (candidates.length === 1 || (shared.length > part.length && shared.startsWith(part)))
      return this.editor.replaceEnd(part, shared);
    const more = candidates.length - MOST_OFFERED;
    const offered = candidates.slice(0, MOST_OFFERED).map(plainText).join('  ');
    this.note(more > 0 ? `${offered}  and ${more} more` : offered);
  }

  /** The draft in an editor that has the terminal meanwhile; what happens is shown when it is left. */
  private async edit(): Promise<void> {
    if (this.editing) return;
    this.editing = true;
    this.screen.hold();
    this.editor.suspend();
    let hidden = 0;
    try {
      const edited = await this.options.edit(this.editor.draft);
      if (edited.ok) hidden = this.editor.replace(edited.value);
      else this.note(edited.error);
    } finally {
      this.editing = false;
      this.editor.resume();
      this.screen.release();
    }
    if (hidden > 0) this.note(`The draft has ${hidden} more lines above; Ctrl+G shows them.`);
  }

  /** The latest line that has what is typed; again, the one before it. */
  private recall(): void {
    const { draft } = this.editor;
    const again = this.recalled?.line === draft ? this.recalled : undefined;
    const text = again?.text ?? draft;
    const found = this.history.containing(text).filter((line) => line !== text);
    const line = found[again === undefined ? 0 : found.indexOf(draft) + 1];
    if (line === undefined) {
      this.note(`No earlier line has "${plainText(text)}".`);
      return;
    }
    this.recalled = { text, line };
    this.bringBack(line);
  }

  /** Away with the draft, back with the one put aside; with both, they change places. */
  private stash(): void {
    const { draft } = this.editor;
    const { stashed } = this;
    if (draft === '' && stashed === '') return;
    this.editor.clear();
    this.stashed = draft;
    if (stashed !== '') this.bringBack(stashed);
    this.showStatus();
  }

  private bringBack(draft: string): void {
    this.editor.replace(draft);
    this.editor.redraw();
  }

  /** Between turns, and only of models that have a price: it costs the assistant a query. */
  private async askSpending(client: Client): Promise<void> {
    const { view, conversationId } = this;
    if (!view.tally.isPaid) return;
    const { conversations } = await client.budget();
    const own = conversations.find((one) => one.conversationId === conversationId);
    if (own === undefined || view !== this.view) return;
    this.spent = dollars(own.spentMicroUsd);
    this.showStatus();
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
