/**
 * Whether a text fits a pattern in which `*` stands for any run of characters. Never more than pattern times text
 * many steps.
 */
export function fits(pattern: string, text: string): boolean {
  return fitsParts([...pattern], [...text], '*', (part, character) => part === character);
}

/** The same for paths: `*` stays within one folder, `**` stands for any number of folders. */
export function fitsPath(pattern: string, path: string): boolean {
  return fitsParts(pattern.split(SEPARATOR), path.split(SEPARATOR), '**', fits);
}

const SEPARATOR = /[\\/]+/;

/** It is enough to go back to the latest star: whatever an earlier one could take more, this one can as well. */
function fitsParts(
  pattern: readonly string[],
  text: readonly string[],
  star: string,
  same: (part: string, piece: string) => boolean,
): boolean {
  let [at, next, starAt, resume] = [0, 0, -1, 0];
  while (next < text.length) {
    const part = pattern[at];
    if (part === star) {
      starAt = at++;
      resume = next;
    } else if (part !== undefined && same(part, text[next] ?? '')) {
      at++;
      next++;
    } else if (starAt >= 0) {
      at = starAt + 1;
      next = ++resume;
    } else return false;
  }
  return pattern.slice(at).every((part) => part === star);
}
