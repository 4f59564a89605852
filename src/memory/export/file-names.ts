/** Longest name of a file or folder that every file system takes, in UTF-8 bytes, with room for a number. */
const MAX_NAME_BYTES = 200;

/** Names that Windows keeps for itself. */
const RESERVED = /^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)/i;

/**
 * Chooses where each document lies in an exported folder: as its path says where that can be, else near it. Two
 * documents never get one file, nor one that is a folder of another, also where letter case does not count.
 */
export function createFileNames(): (path: string) => string {
  const files = new Set<string>();
  const folders = new Set<string>();
  return (path) => {
    const wanted = path.split('/').map(safeName).join('/');
    for (let number = 0; ; number++) {
      const file = number === 0 ? wanted : numbered(wanted, number);
      if (!isFree(file.toLowerCase(), files, folders)) continue;
      files.add(file.toLowerCase());
      for (const folder of foldersOf(file.toLowerCase())) folders.add(folder);
      return file;
    }
  };
}

function isFree(file: string, files: ReadonlySet<string>, folders: ReadonlySet<string>): boolean {
  return !files.has(file) && !folders.has(file) && !foldersOf(file).some((folder) => files.has(folder));
}

const foldersOf = (file: string): readonly string[] =>
  [...file.matchAll(/\//g)].map(({ index }) => file.slice(0, index));

/** In the first part, so that it helps against a file in place of a folder, too. */
const numbered = (file: string, number: number): string =>
  file.replace(/^[^/]*?(?=(?:\.[^./]*)?(?:\/|$))/, (name) => `${name}~${number}`);

/** Nothing hidden, nothing that is forbidden somewhere, no dot or space at the end. */
function safeName(part: string): string {
  const name = cut(part)
    .replace(/^\./, '_')
    .replace(/[<>:"|?*\\\p{Cc}]/gu, '_')
    .replace(/[. ]+$/, '_');
  return RESERVED.test(name) ? `_${name}` : name;
}

function cut(part: string): string {
  if (Buffer.byteLength(part) <= MAX_NAME_BYTES) return part;
  const start = Buffer.from(part)
    .subarray(0, MAX_NAME_BYTES - 20)
    .toString('utf8')
    .replace(/\ufffd+$/, '');
  return `${start}${/\.[^./]{1,15}$/.exec(part)?.[0] ?? ''}`;
}
