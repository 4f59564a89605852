import { IronbarkError } from '../../core/errors.ts';

/** A file's name bent into a tool's name; empty where nothing of it can stay. */
export const bentName = (text: string): string =>
  text
    .toLowerCase()
    .replace(/[^a-z0-9_-]+/g, '_')
    .replace(/^[_-]+/, '')
    .slice(0, 64);

/**
 * Holds a name against what a tool may be called.
 *
 * @throws IronbarkError `usage`
 */
export function checkName(name: string): void {
  if (name !== '' && bentName(name) === name) return;
  const why = 'up to 64 of a-z, 0-9, "_" and "-" are allowed, the first a letter or digit';
  throw new IronbarkError(
    'usage',
    `A tool cannot be named "${name}": ${why}.`,
    'Choose another with --name.',
  );
}
