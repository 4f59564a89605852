// @ts-check

/** Makes an element. Text goes in as text, never as markup. @param {string} tag @param {object} [props] @param {...(string | Node)} children @returns {any} */
export function el(tag, props = {}, ...children) {
  const node = Object.assign(document.createElement(tag), props);
  node.append(...children);
  return node;
}

/**
 * Draws journal entries. What is drawn follows from the entries alone, so that the same ones give the same page.
 * @param {HTMLElement} list
 * @param {{ decide(approvalId: string, decision: string, reason: string): Promise<unknown> }} actions
 */
export function createTranscript(list, { decide }) {
  const cards = new Map();
  const approvals = new Map();
  const drafts = new Map();
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
    for (const { inboxId, text } of messages) {
      shown.add(inboxId);
      dropAccepted(inboxId);
      message('user', text, turnId);
    }
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
    for (const card of approvals.values()) if (card.dataset.turn === turnId) settle(card, 'No longer needed');
  }

  function toolCard({ callId, tool, turnId }, state, text) {
    const card = cards.get(callId) ?? add(el('details', { className: 'card' }, el('summary')), turnId);
    cards.set(callId, card);
    card.firstChild.replaceChildren(el('b', { textContent: tool }), el('span', { textContent: state }));
    if (text !== '') card.append(el('pre', { textContent: text }));
  }

  function askApproval({ approvalId, turnId, tool, arguments: args, reason, allowAlways }) {
    const why = el('input', { placeholder: 'Reason (optional)', ariaLabel: 'Reason' });
    const answer = async (decision) => {
      const buttons = [...card.querySelectorAll('button')];
      for (const button of buttons) button.disabled = true;
      await decide(approvalId, decision, why.value).catch(() => {
        for (const button of buttons) button.disabled = false;
      });
    };
    const button = (decision, label) =>
      el('button', {
        type: 'button',
        textContent: label,
        className: decision,
        onclick: () => answer(decision),
      });
    const buttons = [
      button('once', 'Allow once'),
      ...(allowAlways ? [button('always', 'Always allow')] : []),
      button('deny', 'Deny'),
    ];
    const card = add(
      el(
        'section',
        { className: 'card approval' },
        el('p', {}, el('b', { textContent: tool }), ' asks for your approval'),
        el('p', { textContent: reason }),
        el('pre', { textContent: JSON.stringify(args, null, 2) }),
        el('footer', {}, ...buttons, why),
      ),
      turnId,
    );
    approvals.set(approvalId, card);
  }

  const settle = (card, text) =>
    card?.querySelector('footer')?.replaceWith(el('p', { className: 'settled', textContent: text }));
  const VERDICTS = { once: 'Allowed once', always: 'Always allowed', deny: 'Denied' };

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
        case 'turn.steered':
          return userMessages(entry);
        case 'model.completed':
          return modelCompleted(entry);
        case 'model.failed':
          return modelFailed(entry);
        case 'tool.requested':
          return toolCard(entry, 'running…', JSON.stringify(entry.arguments, null, 2));
        case 'tool.completed':
          return toolCard(entry, `${entry.outcome} · ${entry.durationMs} ms`, entry.content);
        case 'tool.refused':
          return toolCard(entry, 'refused', entry.content);
        case 'approval.requested':
          return askApproval(entry);
        case 'approval.decided':
          return settle(
            approvals.get(entry.approvalId),
            [VERDICTS[entry.decision], entry.reason].filter(Boolean).join(': '),
          );
        case 'turn.replied':
          return replied(entry);
        case 'input.refused':
          dropAccepted(entry.inboxId);
          return notice(entry.reason);
        case 'history.changed':
          for (const node of /** @type {any} */ (list.children))
            if (entry.turnIds.includes(node.dataset.turn)) node.hidden = entry.change !== 'redo';
      }
    },
    /** A piece of the answer that is being written; what was missed shows as `…`. */
    delta({ effectId, offset, text }) {
      if (turn === '') return;
      const node = draftOf(effectId);
      const written = node.written ?? 0;
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
      for (const known of [cards, approvals, drafts, pending, shown]) known.clear();
      turn = '';
    },
  };
}

/** Fenced code becomes a block; everything else stays as it was written. */
function fill(node, text) {
  const parts = text.split(/^```[^\n]*\n([\s\S]*?)^```$/m);
  const nodes = parts.map((part, index) =>
    index % 2 === 1 ? el('pre', { textContent: part }) : part.trim(),
  );
  node.replaceChildren(...nodes.filter((part) => part !== ''));
  return node;
}
