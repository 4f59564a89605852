/** The word that is being written, where it asks for help: `/` at the very beginning, `@` anywhere. */
export interface Asked {
  readonly kind: 'command' | 'mention';
  readonly word: string;
  readonly from: number;
}

export function askedAt(text: string, cursor: number): Asked | undefined {
  const before = text.slice(0, cursor);
  const command = /^\/(\w*)$/.exec(before);
  if (command) return { kind: 'command', word: command[1] ?? '', from: 0 };
  const mention = /(?:^|\s)@([^\s@]*)$/.exec(before);
  if (mention)
    return { kind: 'mention', word: mention[1] ?? '', from: cursor - (mention[1] ?? '').length - 1 };
  return undefined;
}
