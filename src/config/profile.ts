import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { IronbarkError } from '../core/errors.ts';
import { PACKAGE_ROOT } from '../core/package-root.ts';

export const DEFAULT_PROFILE = 'local';

/** The file of a profile. One in `<home>/profiles` stands in for a shipped one of the same name. */
export function profilePath(home: string, name: string): string {
  const candidates = profileFolders(home).map((folder) => join(folder, `${name}.toml`));
  const path = isPlainName(name) ? candidates.find((candidate) => existsSync(candidate)) : undefined;
  if (path !== undefined) return path;
  throw new IronbarkError(
    'config',
    `There is no profile named "${name}".`,
    `Choose one of: ${profileNames(home).join(', ')}; or write ${join(home, 'profiles', 'NAME.toml')}.`,
  );
}

function profileNames(home: string): readonly string[] {
  const files = profileFolders(home).flatMap((folder) => (existsSync(folder) ? readdirSync(folder) : []));
  const names = files.filter((file) => file.endsWith('.toml')).map((file) => file.slice(0, -'.toml'.length));
  return [...new Set(names)].sort();
}

function profileFolders(home: string): readonly string[] {
  return [join(home, 'profiles'), join(PACKAGE_ROOT, 'profiles')];
}

/** A name is no path: it may not lead out of the profile folders. */
function isPlainName(name: string): boolean {
  return /^[\w-]+$/.test(name);
}
