// @ts-check

import { el } from './element.js';
import { planNode } from './plan.js';
import { choicesOf, listed, questionCard, verdictText, visible } from './question.js';

/**
 * Draws journal entries. What is drawn follows from the entries alone, so that the same ones give the same page.
 * @param {HTMLElement} list
 * @param {{ decide(approvalId: string, decision: string, reason: string): Promise<{ inboxId: string }> }} actions
 */
export function createTranscript(list, { decide }) {
  const cards = new Map();
  const approvals = new Map();
  const answers = new Map();
  const refusals = new Map();
  const drafts = new Map();
  const plans = new Map();
  const pending = new Map();
  const shown = new Set();
  let turn = '';

  const add = (node, turnId = '') => {
    node.dataset.turn = turnId;
    list.append(node);
    return node;
  };
  const message = (who, text, turnId) => add(fill(el('div', { className: `message ${who}` }), text), turnId);
  const notice = (text, turnId) => add(el('p', { className: 'notice', textContent: text }), turnId);

  function userMessages({ messages, turnId }) {
    turn = turnId;
    for (const { inboxId, text, origin } of messages) {
      shown.add(inboxId);
      dropAccepted(inboxId);
      const node = message('user', text, turnId);
      if (origin !== undefined) node.append(el('small', { textContent: `from ${visible(origin)}` }));
    }
  }

  /** Something that was not asked for just now. */
  function told({ noticeId, from, text, origins = [] }) {
    dropAccepted(noticeId);
    const node = message('assistant told', text);
    node.prepend(el('small', { textContent: `from ${visible(from)}` }));
    if (origins.length > 0) node.append(el('small', { textContent: `From outside: ${listed(origins)}` }));
  }

  function draftOf(effectId) {
    if (!drafts.has(effectId)) drafts.set(effectId, message('assistant', '', turn));
    return drafts.get(effectId);
  }

  function dropDraft(effectId) {
    drafts.get(effectId)?.remove();
    drafts.delete(effectId);
  }

  function modelCompleted({ effectId, text, toolCalls }) {
    if (text === '') return dropDraft(effectId);
    fill(draftOf(effectId), text);
    if (toolCalls.length > 0) drafts.delete(effectId);
  }

  function modelFailed({ effectId, error, turnId }) {
    dropDraft(effectId);
    notice(error.message, turnId);
  }

  /** The reply takes the place of the draft that was being written. */
  function replied({ turnId, text, finish }) {
    const node = fill([...drafts.values()].at(-1) ?? message('assistant', '', turnId), text);
    if (finish !== 'answered') node.append(el('small', { textContent: finish }));
    turn = '';
    drafts.clear();
    for (const card of approvals.values())
      if (card.dataset.turn === turnId) settle(card, 'No longer needed: the turn ended');
  }

  function toolCard({ callId, tool, turnId, origins = [] }, state, text) {
    const card = cards.get(callId) ?? add(el('details', { className: 'card' }, el('summary')), turnId);
    cards.set(callId, card);
    card.firstChild.replaceChildren(el('b', { textContent: tool }), el('span', { textContent: state }));
    if (text !== '') card.append(el('pre', { textContent: text }));
    if (origins.length > 0) card.append(el('small', { textContent: `From outside: ${listed(origins)}` }));
  }

  /** The checklist of a turn stands where it was first shown, and changes there. */
  function planUpdated({ effectId, turnId, outcome }) {
    const node = outcome === 'succeeded' ? plans.get(effectId) : undefined;
    plans.delete(effectId);
    if (node === undefined) return;
    const known = plans.get(turnId);
    if (known === undefined) add(node, turnId);
    else known.replaceWith(node);
    node.dataset.turn = turnId;
    plans.set(turnId, node);
  }

  function askApproval(question) {
    const word = el('input', { placeholder: 'What to do instead (optional)', ariaLabel: 'Reason' });
    const buttons = choicesOf(question).map(([decision, label]) =>
      el('button', {
        type: 'button',
        textContent: label,
        className: decision,
        onclick: () => answer(decision),
      }),
    );
    const card = add(questionCard(question, el('footer', {}, ...buttons, word)), question.turnId);
    approvals.set(question.approvalId, card);

    async function answer(decision) {
      for (const button of buttons) button.disabled = true;
      try {
        const { inboxId } = await decide(question.approvalId, decision, word.value);
        answers.set(inboxId, card);
        placeRefusal(inboxId);
      } catch {
        for (const button of buttons) button.disabled = false;
      }
    }
  }

  function settle(card, text) {
    card?.querySelector('footer')?.replaceWith(el('p', { className: 'settled', textContent: text }));
  }

  function refused({ inboxId, reason }) {
    dropAccepted(inboxId);
    refusals.set(inboxId, notice(reason));
    placeRefusal(inboxId);
  }

  /** Why an answer came too late stands where it was given. Its entry may come before we know that it is ours. */
  function placeRefusal(inboxId) {
    const [card, why] = [answers.get(inboxId), refusals.get(inboxId)];
    if (card === undefined || why === undefined) return;
    settle(card, 'No longer needed');
    card.append(why);
  }

  function dropAccepted(inboxId) {
    for (const [id, sent] of pending) if (sent.inboxId === inboxId) dropPending(id);
  }

  function dropPending(messageId) {
    pending.get(messageId)?.node.remove();
    pending.delete(messageId);
  }

  return {
    draw(entry) {
      switch (entry.type) {
        case 'turn.began':
          return userMessages(entry);
        case 'turn.steered':
          userMessages(entry);
          return list.lastElementChild?.append(el('small', { textContent: 'seen with the next step' }));
        case 'notice.posted':
          return told(entry);
        case 'model.completed':
          return modelCompleted(entry);
        case 'model.failed':
          return modelFailed(entry);
        case 'tool.requested':
          if (entry.tool === 'plan_update') plans.set(entry.effectId, planNode(entry.arguments));
          return toolCard(entry, 'running…', JSON.stringify(entry.arguments, null, 2));
        case 'tool.completed':
          planUpdated(entry);
          return toolCard(entry, `${entry.outcome} · ${entry.durationMs} ms`, entry.content);
        case 'tool.refused':
          return toolCard(entry, 'refused', entry.content);
        case 'approval.requested':
          return askApproval(entry);
        case 'approval.decided':
          return settle(approvals.get(entry.approvalId), verdictText(entry));
        case 'turn.replied':
          return replied(entry);
        case 'input.refused':
          return refused(entry);
        case 'history.changed':
          for (const node of /** @type {any} */ (list.children))
            if (entry.turnIds.includes(node.dataset.turn)) node.hidden = entry.change !== 'redo';
      }
    },
    /** A piece of the answer that is being written, perhaps anew; what was missed shows as `…`. */
    delta({ effectId, offset, text }) {
      if (turn === '') return;
      const node = draftOf(effectId);
      if (offset === 0) node.textContent = '';
      const written = offset === 0 ? 0 : (node.written ?? 0);
      node.append(offset > written ? '…' : '', text.slice(Math.max(0, written - offset)));
      node.written = offset + text.length;
    },
    /** Shows a message before the assistant has it. */
    addPending(messageId, text) {
      const node = message('user pending', text);
      pending.set(messageId, { node, inboxId: undefined });
    },
    /** The journal shows an accepted message itself, now or soon. */
    accepted(messageId, inboxId) {
      const sent = pending.get(messageId);
      if (shown.has(inboxId)) dropPending(messageId);
      else if (sent) sent.inboxId = inboxId;
    },
    dropPending,
    notice,
    clear() {
      list.replaceChildren();
      for (const known of [cards, approvals, answers, refusals, drafts, plans, pending, shown]) known.clear();
      turn = '';
    },
  };
}

/** Fenced code becomes a block, `code` and **strong** look like it; everything else stays as it was written. */
function fill(node, text) {
  const parts = text.split(/^```[^\n]*\n([\s\S]*?)^```$/m);
  const nodes = parts.flatMap((part, index) =>
    index % 2 === 1 ? [el('pre', { textContent: part })] : inline(part.trim()),
  );
  node.replaceChildren(...nodes.filter((part) => part !== ''));
  return node;
}

/** @param {string} text @returns {(string | Node)[]} */
function inline(text) {
  return text.split(/(`[^`\n]+`|\*\*[^*\n]+\*\*)/).map((piece, index) => {
    if (index % 2 === 0) return piece;
    return piece.startsWith('`')
      ? el('code', { textContent: piece.slice(1, -1) })
      : el('strong', { textContent: piece.slice(2, -2) });
  });
}
