import { existsSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { PACKAGE_ROOT } from '../../src/core/package-root.ts';

/** This very program, as a container sees it. */
export interface MountedProgram {
  /** Of the launcher, inside. */
  readonly path: string;
  readonly readOnly: readonly { readonly hostPath: string; readonly path: string }[];
}

const INSIDE = '/opt/ironbark';

/** What it needs to run. Whatever else lies beside it, perhaps a home folder, is not shown. */
const PARTS = [
  'package.json',
  // The database as it is before its first use.
  '.cache',
  'bin',
  'dist',
  'src',
  'actors',
  'machines',
  'supervisors',
  'sandbox',
  'migrations',
  'profiles',
  'skills',
  'node_modules',
];

/** Installed, what it leans on lies beside it among other packages; in a checkout, below it. */
export function mountedProgram(root: string = PACKAGE_ROOT): MountedProgram {
  const above = dirname(root);
  if (basename(above) === 'node_modules') {
    const path = join('/opt/node_modules', basename(root), 'bin', 'ironbark.js');
    return { path, readOnly: [{ hostPath: above, path: '/opt/node_modules' }] };
  }
  const parts = PARTS.filter((part) => existsSync(join(root, part)));
  return {
    path: `${INSIDE}/bin/ironbark.js`,
    readOnly: parts.map((part) => ({ hostPath: join(root, part), path: `${INSIDE}/${part}` })),
  };
}
