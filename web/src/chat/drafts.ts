const PREFIX = 'draft/';

/** What was being written in a conversation, over reloads. */
export function readDraft(conversationId: string): string {
  return localStorage.getItem(PREFIX + conversationId) ?? '';
}

export function writeDraft(conversationId: string, text: string): void {
  try {
    if (text === '') localStorage.removeItem(PREFIX + conversationId);
    else localStorage.setItem(PREFIX + conversationId, text);
  } catch {}
}
