import { readFileSync } from 'node:fs';
import { CONTAINER_UID } from '../docker/posture.ts';
import type { ImageEntry } from './entry.ts';

/** What every image has, whatever machine it was made on. */
export const SYSTEM_ENTRIES: readonly ImageEntry[] = [
  ...['bin', 'sbin', 'lib', 'lib64'].map(
    (name): ImageEntry => ({ kind: 'link', path: name, target: `usr/${name}` }),
  ),
  ...['usr/bin', 'usr/sbin', 'usr/lib', 'usr/lib64', 'dev', 'proc', 'sys', 'run/ironbark', 'workspace'].map(
    (path): ImageEntry => ({ kind: 'folder', path, mode: 0o755 }),
  ),
  ...['opt/ironbark', 'state', 'var/tmp', 'etc'].map(
    (path): ImageEntry => ({ kind: 'folder', path, mode: 0o755 }),
  ),
  { kind: 'folder', path: 'tmp', mode: 0o1777 },
  text(
    'etc/passwd',
    `root:x:0:0:root:/nonexistent:/usr/bin/false\nironbark:x:${CONTAINER_UID}:${CONTAINER_UID}:ironbark:/tmp:/bin/bash\n`,
  ),
  text('etc/group', `root:x:0:\nironbark:x:${CONTAINER_UID}:\n`),
  text('etc/nsswitch.conf', 'passwd: files\ngroup: files\nhosts: files dns\n'),
  text('etc/os-release', 'NAME="Ironbark sandbox"\nID=ironbark-sandbox\n'),
  // Git refuses a repository that belongs to somebody else; here everything in the workspace is the one user's.
  text('etc/gitconfig', readFileSync(new URL('../inside/gitconfig', import.meta.url), 'utf8')),
];

function text(path: string, content: string): ImageEntry {
  return { kind: 'text', path, mode: 0o644, content };
}
