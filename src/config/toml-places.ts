/** The way to a value: names, and positions (from 0) in lists of tables. */
export type Place = readonly (string | number)[];

/**
 * The line, from 1, on which a TOML text writes what is at this place, or else the nearest thing above it. Only for
 * pointing people at it: what the text means is the parser's business.
 */
export function lineOfPlace(source: string, place: Place): number | undefined {
  const wanted = place.map(String);
  let best = { depth: 0, line: 0 };
  for (const { path, line } of writtenPlaces(source)) {
    const depth = path.every((part, at) => part === wanted[at]) ? path.length : 0;
    if (depth > best.depth) best = { depth, line };
  }
  return best.line || undefined;
}

/** Every header and key with its full path. */
function* writtenPlaces(source: string): Iterable<{ path: readonly string[]; line: number }> {
  const counts = new Map<string, number>();
  let table: readonly string[] = [];
  for (const [index, text] of source.split('\n').entries()) {
    const line = index + 1;
    const list = /^\s*\[\[([^\]]+)\]\]/.exec(text)?.[1];
    const header = list ?? /^\s*\[([^\]]+)\]/.exec(text)?.[1];
    const key = /^\s*((?:"[^"]*"|'[^']*'|[\w.-]|\s)+?)\s*=/.exec(text)?.[1];
    if (header !== undefined) table = namesOf(header);
    if (list !== undefined) {
      const count = counts.get(list) ?? 0;
      counts.set(list, count + 1);
      table = [...table, String(count)];
    }
    if (header !== undefined) yield { path: table, line };
    else if (key !== undefined) yield { path: [...table, ...namesOf(key)], line };
  }
}

const namesOf = (written: string): readonly string[] =>
  (written.match(/"[^"]*"|'[^']*'|[^.\s]+/g) ?? []).map((name) => name.replace(/^["']|["']$/g, ''));
