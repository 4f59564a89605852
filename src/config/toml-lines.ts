/**
 * The line, from 1, on which a TOML text sets a (dotted) key or opens the section of that name; undefined where
 * it is written in a way this simple reading does not see, such as an inline table. Only for pointing people at
 * a place: what the text means is the parser's business.
 */
export function lineOf(source: string, wanted: string): number | undefined {
  let section = '';
  for (const [index, line] of source.split('\n').entries()) {
    const header = /^\s*\[+([^\]]+)\]/.exec(line)?.[1];
    if (header !== undefined) section = plainName(header);
    const key = /^\s*([\w.\s"'-]+?)\s*=/.exec(line)?.[1];
    const name = key === undefined ? section : joined(section, plainName(key));
    if ((header !== undefined || key !== undefined) && name === wanted) return index + 1;
  }
  return undefined;
}

function plainName(written: string): string {
  return written.replace(/["'\s]/g, '');
}

function joined(section: string, key: string): string {
  return section === '' ? key : `${section}.${key}`;
}
