/** Characters. */
const END = 1_500;

/** What counts in a message that is long: how it begins and how it ends. */
export function bothEnds(text: string): string {
  return text.length <= 2 * END ? text : `${text.slice(0, END)}\n${text.slice(-END)}`.toWellFormed();
}
