import { err, ok, type Result } from '../core/result.ts';

/** Longest path of a document, in UTF-8 bytes: it is the key of an index. */
const MAX_PATH_BYTES = 512;

const TOO_LONG = `A memory path may have ${MAX_PATH_BYTES} bytes at most.`;

const PROMPT_FILES: ReadonlySet<string> = new Set([
  'soul.md',
  'agents.md',
  'user.md',
  'identity.md',
  'memory.md',
  'heartbeat.md',
  'tools.md',
  'bootstrap.md',
  'system.md',
]);

/** Whether a document is read at the start of conversations and so steers the assistant. */
export function isPromptFile(path: string): boolean {
  return PROMPT_FILES.has(path.toLowerCase());
}

/** Whether a path is one that we chose, so that nobody can have put words into it. */
export function isNameOfOurs(path: string): boolean {
  return (
    isPromptFile(path) || /^(?:daily\/\d{4}-\d\d-\d\d|episodes\/\d{4}-\d\d(?:-\d\d\/[\w-]+)?)\.md$/.test(path)
  );
}

/** No file can have these names on Windows, whatever their ending; every document can be exported to a file. */
const DEVICE = /^(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(?:\.|$)/i;

/**
 * A document's path as it is stored: relative, `/` between parts, no `.`, no empty parts. Errors with what is wrong
 * where it is absolute, climbs with `..`, is empty, too long, names a device or holds control characters.
 */
export function normalisePath(given: string): Result<string, string> {
  // Far beyond what is allowed, whatever is taken out of it: nobody is shown all of it.
  if (given.length > MAX_PATH_BYTES * 8) return err(TOO_LONG);
  const path = given.trim().replaceAll('\\', '/');
  if (path.startsWith('/') || /^[a-z]:/i.test(path))
    return err(`"${given}" is absolute; memory paths are relative, for example projects/alpha.md.`);
  if (/\p{Cc}/u.test(path)) return err('A memory path must not contain control characters.');
  const parts = path
    .split('/')
    .map((part) => part.trim())
    .filter((part) => part !== '' && part !== '.');
  if (parts.includes('..')) return err(`"${given}" leaves memory: ".." is not allowed in a memory path.`);
  const device = parts.find((part) => DEVICE.test(part));
  if (device !== undefined)
    return err(`"${device}" is the name of a device on some systems; name the document differently.`);
  if (parts.length === 0) return err('A memory path must name a document, for example projects/alpha.md.');
  const normalised = parts.join('/').toWellFormed();
  if (Buffer.byteLength(normalised) > MAX_PATH_BYTES) return err(TOO_LONG);
  return ok(normalised);
}

/**
 * The document that a name stands for: `memory`, `daily_log`, `heartbeat` and `bootstrap` are short names, all else
 * is a path. `day` is today in the user's zone, as YYYY-MM-DD.
 */
export function documentPath(name: string, day: string): Result<string, string> {
  switch (name.trim().toLowerCase()) {
    case 'memory':
      return ok('MEMORY.md');
    case 'daily_log':
      return ok(`daily/${day}.md`);
    case 'heartbeat':
      return ok('HEARTBEAT.md');
    case 'bootstrap':
      return ok('BOOTSTRAP.md');
    default:
      return normalisePath(name);
  }
}
