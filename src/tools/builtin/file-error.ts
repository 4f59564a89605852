import { coerceError } from '../../core/errors.ts';

const EXPLANATIONS: Readonly<Record<string, string>> = {
  EACCES: 'is not permitted for this user',
  EEXIST: 'leads through something that is not a folder',
  EISDIR: 'is a folder',
  ELOOP: 'is a link and was not followed',
  EMFILE: 'cannot be opened: too many files are open; try again',
  ENAMETOOLONG: 'has too long a name',
  ENOENT: 'does not exist. Use list_dir to see what does',
  ENOSPC: 'cannot be written: the disk is full',
  ENOTDIR: 'leads through something that is not a folder',
  ENXIO: 'is not an ordinary file',
  EPERM: 'is not permitted for this user',
  EROFS: 'is on a file system that cannot be written',
};

/** What the operating system said, as a sentence about the path. */
export function explainFileError(thrown: unknown, path: string): string {
  const error = coerceError(thrown);
  const code = 'code' in error ? String(error.code) : '';
  return `${path} ${EXPLANATIONS[code] ?? `cannot be used: ${error.message}`}.`;
}
