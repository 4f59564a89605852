import type { JournalEntry } from '../../core/journal.ts';

/**
 * What must hold of any conversation's journal, read from its beginning, whatever happened to the actors that wrote
 * it. What does not hold, a sentence each.
 */
export function auditJournal(conversationId: string, entries: readonly JournalEntry[]): readonly string[] {
  const findings = [...gaps(entries), ...doubles(entries), ...strays(entries)];
  return findings.map((finding) => `Conversation ${conversationId}: ${finding}`);
}

function gaps(entries: readonly JournalEntry[]): readonly string[] {
  const place = entries.findIndex(({ seq }, index) => seq !== index + 1);
  return place < 0 ? [] : [`entry ${place + 1} has the number ${entries[place]?.seq}.`];
}

/** Each of these may be there once. */
function doubles(entries: readonly JournalEntry[]): readonly string[] {
  const seen = new Set<string>();
  const findings: string[] = [];
  for (const what of entries.flatMap(facts)) {
    if (seen.has(what)) findings.push(`${what} twice.`);
    seen.add(what);
  }
  return findings;
}

function facts(entry: JournalEntry): readonly string[] {
  switch (entry.type) {
    case 'turn.began':
    case 'turn.steered':
      return [
        ...entry.messages.map(({ inboxId }) => `message ${inboxId} was taken`),
        ...(entry.type === 'turn.began' ? [`turn ${entry.turnId} began`] : []),
      ];
    case 'turn.replied':
      return [`turn ${entry.turnId} was replied to`];
    case 'model.requested':
    case 'tool.requested':
      return [`effect ${entry.effectId} was begun`];
    case 'model.completed':
    case 'model.failed':
    case 'tool.completed':
    case 'command.completed':
      return [`effect ${entry.effectId} ended`];
    case 'approval.decided':
      return [`approval ${entry.approvalId} was decided`];
    default:
      return [];
  }
}

/** What happened in a turn happened between its beginning and its reply, and no effect ended that was not begun. */
function strays(entries: readonly JournalEntry[]): readonly string[] {
  const running = new Set<string>();
  const begun = new Set<string>();
  const findings: string[] = [];
  for (const entry of entries) {
    if (!('turnId' in entry)) continue;
    if (entry.type === 'turn.began') running.add(entry.turnId);
    if (!running.has(entry.turnId)) findings.push(`entry ${entry.seq} is of a turn that is not running.`);
    if (entry.type === 'turn.replied') running.delete(entry.turnId);
    if (entry.type === 'model.requested' || entry.type === 'tool.requested') begun.add(entry.effectId);
    const ends = entry.type === 'model.completed' || entry.type === 'tool.completed';
    if (ends && !begun.has(entry.effectId))
      findings.push(`effect ${entry.effectId} ended without a beginning.`);
  }
  return findings;
}
