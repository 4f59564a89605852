/** Longer texts are answers, whatever they end with. */
const MAX_LENGTH = 600;

/** "Let me check …", "I'll now open …", and the like: a beginning that leads to something being done at once. */
const OPENERS: readonly RegExp[] = [
  /^(?:(?:okay|ok|sure|right|great|first|now|next|then|alright)[,.!]?\s+)*(?:let me|i(?:'|’)?ll|i will|i(?:'|’)?m going to|i am going to|i(?:'|’)?m about to|now i)\s+(?:(?:now|first|just|quickly|go ahead and|start by|begin by|try to|also|then)\s+)*(?:check|look|search|read|open|run|fetch|find|list|create|write|update|edit|get|see|examine|inspect|review|call|use|execute|query|download|retrieve|gather|load|add|fix|make|delete|remove|test|verify|start|do)\w*\b/i,
  /^(?:(?:okay|gut|klar|zuerst|jetzt|dann)[,.!]?\s+)*(?:ich (?:werde|schaue|prüfe|suche|lese|öffne|sehe|hole|rufe|führe|lege|erstelle)|lass mich)\b/i,
  /^(?:(?:d'accord|bien|ok)[,.!]?\s+)*(?:je vais|laisse[zr]?-moi)\s+\w+/i,
  /^(?:(?:vale|bien|ok)[,.!]?\s+)*(?:voy a|déjame|permíteme|vou|deixe-me)\s+\w+/i,
];

/** The other side's turn: an offer, a promise for later, or an invitation. */
const OFFERS =
  /\b(?:let me know|if you|when you|once you|whenever|as soon as|would you|keep (?:that|it|this) in mind|remember that|be happy|be glad|wenn du|wenn sie|falls|si (?:tu|vous|quieres|usted))\b/i;

/**
 * Whether an answer without tool calls only says what the model is about to do. Read from its last sentence, and
 * with restraint: taking an answer for an announcement costs the user a second answer.
 */
export function announcesCall(text: string): boolean {
  const plain = text.trim();
  if (plain === '' || plain.length > MAX_LENGTH) return false;
  const last = lastSentence(plain);
  if (last.endsWith('?') || OFFERS.test(last)) return false;
  return OPENERS.some((opener) => opener.test(last));
}

function lastSentence(text: string): string {
  const sentences = text.split(/(?<=[.!?…:])\s+|\n+/).filter((part) => part.trim() !== '');
  return (sentences.at(-1) ?? '').trim();
}
