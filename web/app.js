// @ts-check
import { createConnection } from './connection.js';
import { el } from './element.js';
import { createTranscript } from './transcript.js';

/** @param {string} id @returns {any} */
const $ = (id) => document.getElementById(id);
const PAGE = 100;
const OUTBOX = 'outbox/';

let current = localStorage.getItem('conversation') ?? newId();
let entries = [];
let loaded = false;
let refreshing = 0;
/** Inputs that this page sent to the current conversation. */
const sentHere = new Set();

const transcript = createTranscript($('messages'), {
  decide: (approvalId, decision, reason) =>
    request({
      type: 'approve',
      conversationId: current,
      approvalId,
      decision,
      answerId: newId(),
      ...(reason && { reason }),
    }),
});
const connection = createConnection({
  onConnected: resume,
  onFrame,
  onState: (text) => setState(text, text === 'Connected'),
  onLoggedOut() {
    setState('Logged out', false);
    $('empty').textContent =
      'You are not logged in. Run “ironbark status” in a terminal and open the link it prints.';
    $('empty').hidden = false;
  },
});

function newId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

function setState(text, isConnected) {
  $('state').textContent = text;
  $('state').className = isConnected ? 'connected' : '';
}

/** Like the connection's, but tells the user what went wrong, unless it will be tried again by itself. */
async function request(/** @type {any} */ question) {
  try {
    return await connection.request(question);
  } catch (/** @type {any} */ error) {
    if (error.code !== 'closed') transcript.notice(error.message);
    throw error;
  }
}

function resume() {
  if (loaded) watch().catch(() => {});
  else show(current);
  for (const sent of outbox()) deliver(sent);
  refreshList();
}

async function show(conversationId) {
  // Not where a keyboard would have to be drawn over the conversation first.
  if (matchMedia('(hover: hover)').matches) $('text').focus();
  if (conversationId !== current)
    connection.request({ type: 'unsubscribe', conversationId: current }).catch(() => {});
  current = conversationId;
  localStorage.setItem('conversation', current);
  document.body.classList.remove('menu');
  [entries, loaded] = [[], false];
  sentHere.clear();
  redraw(false);
  const page = await history({ conversationId }).catch(() => undefined);
  if (page === undefined || current !== conversationId) return;
  [entries, loaded] = [page.entries, true];
  redraw(page.hasMore);
  watch().catch(() => {});
  refreshList();
}

const history = (where) => request({ type: 'history', limit: PAGE, ...where });
const watch = () => request({ type: 'subscribe', conversationId: current, after: entries.at(-1)?.seq ?? 0 });

function redraw(hasMore) {
  transcript.clear();
  for (const entry of entries) transcript.draw(entry);
  for (const { conversationId, messageId, text } of outbox()) {
    if (conversationId === current) transcript.addPending(messageId, text);
  }
  $('earlier').hidden = !hasMore;
  afterDrawing(true);
}

function onFrame(frame) {
  if (frame.conversationId !== current) return;
  const follow = isAtEnd();
  if (frame.type === 'delta') transcript.delta(frame);
  // A number that is not the next one was seen before, or belongs to an earlier view of this conversation.
  if (frame.type === 'entry' && frame.entry.seq === (entries.at(-1)?.seq ?? 0) + 1) {
    entries.push(frame.entry);
    transcript.draw(frame.entry);
    if (/^turn\.(began|replied)$/.test(frame.entry.type)) refreshList();
    goWhereItLeads();
  }
  afterDrawing(follow);
}

/** To the conversation that a command opens, if it was typed here: other pages on this conversation stay. */
function goWhereItLeads() {
  const { opens, turnId } = entries.findLast(({ type }) => type === 'command.completed') ?? {};
  if (opens === undefined) return;
  const began = entries.find((entry) => entry.type === 'turn.began' && entry.turnId === turnId);
  const isMine = began?.messages.some(({ inboxId }) => sentHere.delete(inboxId));
  if (isMine) show(opens);
}

function afterDrawing(follow) {
  const turn = entries.findLast(({ type }) => type === 'turn.began' || type === 'turn.replied');
  $('stop').hidden = turn?.type !== 'turn.began';
  $('empty').hidden = $('messages').childElementCount > 0;
  if (follow) $('scroller').scrollTop = $('scroller').scrollHeight;
}

const isAtEnd = () => $('scroller').scrollHeight - $('scroller').scrollTop - $('scroller').clientHeight < 80;

/** Messages wait here, over reloads too, until the assistant has them for good. */
function outbox() {
  const keys = Object.keys(localStorage)
    .filter((key) => key.startsWith(OUTBOX))
    .sort();
  return keys.map((key) => JSON.parse(localStorage.getItem(key) ?? '{}'));
}

function send(text) {
  const sent = { conversationId: current, messageId: `${Date.now()}-${newId()}`, text };
  localStorage.setItem(OUTBOX + sent.messageId, JSON.stringify(sent));
  transcript.addPending(sent.messageId, text);
  deliver(sent);
}

async function deliver(sent) {
  try {
    const { inboxId } = await request({ type: 'send', mode: 'auto', ...sent });
    transcript.accepted(sent.messageId, inboxId);
    if (sent.conversationId === current) sentHere.add(inboxId);
    goWhereItLeads();
  } catch (/** @type {any} */ error) {
    if (error.code === 'closed') return;
    transcript.dropPending(sent.messageId);
    $('text').value ||= sent.text;
  }
  localStorage.removeItem(OUTBOX + sent.messageId);
}

/** Coalesced: a burst of turns asks once. */
function refreshList() {
  clearTimeout(refreshing);
  refreshing = setTimeout(async () => {
    const [{ conversations }, { approvals }] = await Promise.all([
      connection.request({ type: 'conversations' }),
      connection.request({ type: 'approvals' }),
    ]).catch(() => [{ conversations: undefined }, { approvals: [] }]);
    if (conversations !== undefined)
      drawList(conversations, new Set(approvals.map((asked) => asked.conversationId)));
  }, 150);
}

function drawList(conversations, asking) {
  const here = conversations.find(({ conversationId }) => conversationId === current);
  $('title').textContent = here?.title ?? 'New conversation';
  $('conversations').replaceChildren(
    ...conversations.map(({ conversationId, title, busy }) => {
      const mark = asking.has(conversationId) ? 'asks' : busy ? 'busy' : '';
      const button = el('button', {
        type: 'button',
        className: mark,
        textContent: title ?? 'Untitled',
        title: mark,
      });
      if (conversationId === current) button.setAttribute('aria-current', 'page');
      button.onclick = () => show(conversationId);
      return button;
    }),
  );
}

const interrupt = () => request({ type: 'interrupt', conversationId: current }).catch(() => {});

$('composer').onsubmit = (event) => {
  event.preventDefault();
  const text = $('text').value.trim();
  if (text === '') return;
  $('text').value = '';
  send(text);
  afterDrawing(true);
};
$('text').onkeydown = (event) => {
  if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  $('composer').requestSubmit();
};
document.onkeydown = ({ key }) => {
  if (key === 'Escape' && !$('stop').hidden) interrupt();
};
$('stop').onclick = interrupt;
$('new').onclick = () => show(newId());
$('menu').onclick = () =>
  $('menu').setAttribute('aria-expanded', String(document.body.classList.toggle('menu')));
$('earlier').onclick = async () => {
  const conversationId = current;
  const page = await history({ conversationId, before: entries[0].seq }).catch(() => undefined);
  if (page === undefined || current !== conversationId) return;
  entries = [...page.entries, ...entries];
  redraw(page.hasMore);
  $('scroller').scrollTop = 0;
};
window.onfocus = refreshList;
