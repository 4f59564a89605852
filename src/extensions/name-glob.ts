/**
 * Whether a name matches one of the globs; `*` stands for any characters, also none, and nothing else is special.
 * Each piece between two stars is looked for once, from left to right, never again: no glob can be made slow.
 */
export function matchesName(name: string, globs: readonly string[]): boolean {
  return globs.some((glob) => matches(name, glob));
}

function matches(name: string, glob: string): boolean {
  const [head = '', ...pieces] = glob.split('*');
  const tail = pieces.pop();
  if (tail === undefined) return name === glob;
  if (!name.startsWith(head)) return false;
  let from = head.length;
  for (const piece of pieces) {
    const found = name.indexOf(piece, from);
    if (found < 0) return false;
    from = found + piece.length;
  }
  return name.length - tail.length >= from && name.endsWith(tail);
}
