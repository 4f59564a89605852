import { appendFileSync, chmodSync, readFileSync, writeFileSync } from 'node:fs';

/** The lines a user entered before, for the arrow keys and Ctrl+R, kept in a file that only they can read. */
export interface HistoryFile {
  /** Latest first, as `node:readline` wants them. */
  readonly lines: readonly string[];
  add(line: string): void;
  /** Those that have the text somewhere, each once, latest first; whatever its case. */
  containing(text: string): readonly string[];
}

const MOST_LINES = 1000;
const OWNER_ONLY = 0o600;

/** A history that cannot be read or written is no reason not to talk: it is then kept in memory alone. */
export function openHistory(path: string): HistoryFile {
  const all = read(path);
  const lines = all.slice(-MOST_LINES);
  const latestFirst = lines.toReversed();
  // Seldom, because another terminal may be adding lines at this moment.
  if (all.length > 2 * MOST_LINES) attempt(() => writeFileSync(path, lines.map(ended).join('')));
  attempt(() => chmodSync(path, OWNER_ONLY));
  return {
    lines: latestFirst,
    containing: (text) => {
      const wanted = text.toLowerCase();
      return [...new Set(latestFirst)].filter((line) => line.toLowerCase().includes(wanted));
    },
    add: (line) => {
      if (isPrivate(line)) return;
      latestFirst.unshift(line);
      attempt(() => appendFileSync(path, ended(line), { mode: OWNER_ONLY }));
    },
  };
}

/**
 * Lines that begin with a space are left out as in a shell, and so is whatever looks like a credential: the
 * well-known key prefixes, and a word such as `password` followed by a value.
 */
export function isPrivate(line: string): boolean {
  return (
    line.trim() === '' ||
    line.startsWith(' ') ||
    /\b(sk|pk|rk|ghp|gho|ghs|github_pat|glpat|xox[abprs]|hf|npm|pypi)[-_][\w-]{10,}/.test(line) ||
    /\b(AKIA|ASIA)[A-Z0-9]{12,}|\bAIza[\w-]{20,}|\beyJ[\w-]{8,}\.|-----BEGIN /.test(line) ||
    /\b(password|passphrase|passwd|bearer)\b\s*(is|[:=])?\s*\S{6,}/i.test(line) ||
    /(secret|token|api[-_ ]?key|authorization)\s*(\bis\b|[:=])\s*\S{6,}/i.test(line) ||
    /:\/\/[^\s/:@]+:[^\s/@]+@/.test(line)
  );
}

function ended(line: string): string {
  return `${line}\n`;
}

function read(path: string): readonly string[] {
  return (
    attempt(() =>
      readFileSync(path, 'utf8')
        .split('\n')
        .filter((line) => line !== ''),
    ) ?? []
  );
}

function attempt<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch {
    return undefined;
  }
}
