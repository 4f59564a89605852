/**
 * Whether a guest may read this path of the workspace: relative, without any trick, and below one of the prefixes it
 * was granted. No prefix, no reading.
 */
export function isReadable(path: string, prefixes: readonly string[]): boolean {
  return isPlain(path) && prefixes.some((prefix) => isBelow(path, prefix));
}

const isPlain = (path: string): boolean =>
  path.length <= 1_024 &&
  !/[\0\\]|^\/|^[a-z]:/i.test(path) &&
  path.split('/').every((segment) => segment !== '..' && segment !== '.' && segment !== '');

/** On segment boundaries: `notes` covers `notes/a` and not `notes-of-others/a`. */
function isBelow(path: string, prefix: string): boolean {
  const folder = prefix.replace(/\/+$/, '');
  return folder === '' || path === folder || path.startsWith(`${folder}/`);
}
