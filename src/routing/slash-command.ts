/**
 * Whether a message is a command: a slash and a name, alone or before a space. A path has more slashes or dots; a
 * folder at the root of a file system is no command when something is said about it.
 */
export function isSlashCommand(text: string): boolean {
  const name = /^\/([a-z][\w-]*)(?:@\w+)?[?!]?(?=\s|$)/i.exec(text)?.[1];
  return name !== undefined && !ROOT_FOLDERS.has(name.toLowerCase());
}

/** Of the Filesystem Hierarchy Standard 3.0 and of macOS, without those that would make good commands. */
const ROOT_FOLDERS: ReadonlySet<string> = new Set(
  'bin boot dev etc home lib lib64 media mnt opt proc root sbin srv sys tmp usr var users volumes applications'.split(
    ' ',
  ),
);
