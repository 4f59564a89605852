const PREVIEW_CHARS = 500;

/** The beginning of a text, for a line in a list. */
export function preview(text: string): string {
  return text.length <= PREVIEW_CHARS ? text : `${text.slice(0, PREVIEW_CHARS).toWellFormed()}…`;
}
