import { batch, computed, effect, signal } from '@preact/signals';
import type { ApprovalDecision, JournalEntry } from '../../../src/core/journal.ts';
import type { ServerFrame } from '../../../src/core/wire.ts';
import { ConnectionError, onFrame, request, whenConnected } from '../connection.ts';
import { kept } from '../kept.ts';
import { go, place } from '../route.ts';
import { toastError } from '../ui/index.ts';
import { newId } from './ids.ts';
import { came, type Outgoing, outgoing, resend, send, sentHere, shown } from './outbox.ts';
import type { Row, RunningTurn, Transcript } from './row.ts';
import { createTranscript } from './transcript.ts';

/** The conversation in front, and what is shown of it. */
const PAGE = 200;
const last = kept('conversation', (stored) => (typeof stored === 'string' ? stored : ''));
if (last.peek() === '') last.value = newId();

export const current = computed(() => {
  const [, first, id] = place.value.path.split('/');
  return first === 'chat' && id ? decodeURIComponent(id) : last.value;
});
export const rows = signal<readonly Row[]>([]);
export const running = signal<RunningTurn | undefined>(undefined);
/** Why the answer takes longer. */
export const progress = signal('');
export const hasEarlier = signal(false);
/** The journal has been read as far as it is needed. */
export const isLoaded = signal(false);
export const pending = computed<readonly Outgoing[]>(() =>
  outgoing.value.filter(({ conversationId }) => conversationId === current.value),
);
/** A text that the composer is to hold: one that was refused, or is to be said differently. */
export const handedBack = signal<{ readonly conversationId: string; readonly text: string } | undefined>(
  undefined,
);
/** Grows with each entry that changes what the list of conversations shows. */
export const listVersion = signal(0);
/** Answers to questions that came too late: why, by the question. */
export const tooLate = signal<ReadonlyMap<string, string>>(new Map());

let entries: readonly JournalEntry[] = [];
let transcript: Transcript = createTranscript();
/** Answers given here, by the input that they are. */
const answers = new Map<string, string>();
const refusals = new Map<string, string>();
let editNext: string | undefined;

export function open(conversationId: string): void {
  go(`/chat/${encodeURIComponent(conversationId)}`);
}

export function openNew(): void {
  open(newId());
}

export function say(text: string, mode: Outgoing['mode']): void {
  send(current.peek(), text, mode, outboxListener);
}

/** Goes on in a new conversation from before these exchanges, with a text to change. */
export function editFrom(turnId: string, text: string): void {
  editNext = text;
  const turns = transcript.turns();
  say(`/branch ${turns.length - turns.indexOf(turnId)}`, 'auto');
}

/** Takes back a turn and what came after it. */
export function undoFrom(turnId: string): void {
  const turns = transcript.turns();
  say(`/undo ${turns.length - turns.indexOf(turnId)}`, 'auto');
}

export const isLastTurn = (turnId: string): boolean => transcript.turns().at(-1) === turnId;
/** Whether a turn is one of those that can be taken back. */
export const isTalk = (turnId: string): boolean => transcript.turns().includes(turnId);

export function interrupt(): void {
  void request('accepted', { type: 'interrupt', conversationId: current.peek() }).catch(toastError);
}

/** Rejects where the answer did not get through, so that it can be given again. */
export async function decide(approvalId: string, decision: ApprovalDecision, reason: string): Promise<void> {
  const { inboxId } = await request('accepted', {
    type: 'approve',
    conversationId: current.peek(),
    approvalId,
    decision,
    answerId: newId(),
    ...(reason !== '' && { reason }),
  });
  answers.set(inboxId, approvalId);
  explainLateness(inboxId);
}

export async function loadEarlier(): Promise<void> {
  const conversationId = current.peek();
  const before = entries[0]?.seq;
  if (before === undefined) return;
  const page = await request('history', { type: 'history', conversationId, before, limit: PAGE });
  if (current.peek() !== conversationId || entries[0]?.seq !== before) return;
  entries = [...page.entries, ...entries];
  redraw(page.hasMore);
}

/** Begins to follow the conversation in front. Once, when the page starts. */
export function follow(): void {
  effect(() => {
    const conversationId = current.value;
    last.value = conversationId;
    void show(conversationId).catch(() => {});
  });
  onFrame(receive);
  whenConnected(resume);
}

function resume(): void {
  if (isLoaded.peek()) void watch(current.peek()).catch(() => {});
  else void show(current.peek()).catch(() => {});
  resend(outboxListener);
  listVersion.value++;
}

let watched: string | undefined;

async function show(conversationId: string): Promise<void> {
  if (watched !== undefined && watched !== conversationId)
    request('done', { type: 'unsubscribe', conversationId: watched }).catch(() => {});
  watched = undefined;
  entries = [];
  transcript = createTranscript();
  batch(() => {
    rows.value = [];
    running.value = undefined;
    isLoaded.value = false;
    hasEarlier.value = false;
    tooLate.value = new Map();
    progress.value = '';
  });
  const page = await request('history', { type: 'history', conversationId, limit: PAGE });
  if (current.peek() !== conversationId) return;
  entries = page.entries;
  redraw(page.hasMore);
  await watch(conversationId);
}

async function watch(conversationId: string): Promise<void> {
  watched = conversationId;
  await request('subscribed', { type: 'subscribe', conversationId, after: entries.at(-1)?.seq ?? 0 });
}

function redraw(more: boolean): void {
  transcript = createTranscript();
  for (const entry of entries) transcript.add(entry);
  batch(() => {
    hasEarlier.value = more;
    isLoaded.value = true;
    publish();
  });
}

function publish(): void {
  rows.value = transcript.rows();
  running.value = transcript.running();
  shown(transcript.has);
}

function receive(frame: ServerFrame): void {
  if (!('conversationId' in frame) || frame.conversationId !== current.peek()) return;
  if (frame.type === 'delta') delta(frame);
  else if (frame.type === 'progress') progress.value = frame.text;
  else if (frame.type === 'entry') receiveEntry(frame.entry);
}

type Piece = Extract<ServerFrame, { type: 'delta' }>;
let pieces: readonly Piece[] = [];

/** Pieces come faster than they can be seen: what came since the last frame is drawn at once. */
function delta(piece: Piece): void {
  pieces = [...pieces, piece];
  if (document.hidden) drawPieces();
  else if (pieces.length === 1) requestAnimationFrame(drawPieces);
}

function drawPieces(): void {
  const came = pieces;
  pieces = [];
  if (came.length === 0) return;
  const known = rows.peek().length;
  batch(() => {
    for (const piece of came) if (piece.conversationId === current.peek()) transcript.delta(piece);
    progress.value = '';
    const now = transcript.rows();
    if (now.length !== known) rows.value = now;
  });
}

function receiveEntry(entry: JournalEntry): void {
  // A number that is not the next one was seen before, or belongs to an earlier view of this conversation.
  if (!isLoaded.peek() || entry.seq !== (entries.at(-1)?.seq ?? 0) + 1) return;
  drawPieces();
  entries = [...entries, entry];
  transcript.add(entry);
  if (entry.type === 'turn.began' || entry.type === 'turn.steered')
    for (const message of entry.messages) came(current.peek(), message);
  schedule();
  if (/^(turn\.(began|replied)|approval\.)/.test(entry.type)) listVersion.value++;
  if (entry.type === 'turn.replied' || entry.type === 'model.requested') progress.value = '';
  if (entry.type === 'input.refused') {
    refusals.set(entry.inboxId, entry.reason);
    explainLateness(entry.inboxId);
  }
  goWhereItLeads();
}

let isScheduled = false;

/** A burst of entries is drawn once. */
function schedule(): void {
  if (isScheduled) return;
  isScheduled = true;
  queueMicrotask(() => {
    isScheduled = false;
    batch(publish);
  });
}

/** Why an answer came too late stands where it was given. Its entry may come before we know that it is ours. */
function explainLateness(inboxId: string): void {
  const [approvalId, why] = [answers.get(inboxId), refusals.get(inboxId)];
  if (approvalId !== undefined && why !== undefined)
    tooLate.value = new Map(tooLate.peek()).set(approvalId, why);
}

/** To the conversation that a command opens, if it was typed here: other pages on this conversation stay. */
function goWhereItLeads(): void {
  const command = entries.findLast((entry) => entry.type === 'command.completed');
  if (command?.type !== 'command.completed' || command.opens === undefined) return;
  const began = entries.find((entry) => entry.type === 'turn.began' && entry.turnId === command.turnId);
  const messages = began?.type === 'turn.began' ? began.messages : [];
  if (!messages.some(({ inboxId }) => sentHere.delete(inboxId))) return;
  if (editNext !== undefined) handedBack.value = { conversationId: command.opens, text: editNext };
  editNext = undefined;
  open(command.opens);
}

const outboxListener = {
  accepted() {
    batch(() => shown(transcript.has));
    goWhereItLeads();
  },
  refused({ conversationId, text }: Outgoing, error: Error) {
    handedBack.value = { conversationId, text };
    toastError(error);
  },
};

export function isClosed(error: unknown): boolean {
  return error instanceof ConnectionError && error.code === 'closed';
}
