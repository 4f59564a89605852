/** Where a system keeps its own programs. A person's PATH is not asked: what lies there may be a wrapper of theirs. */
export const PROGRAM_FOLDERS: readonly string[] = ['/usr/bin', '/bin', '/usr/sbin', '/sbin'];

/** Without these nothing works: the shell whose grammar commands are judged by, and what scripts take for granted. */
export const NEEDED: readonly string[] = words(
  'bash sh cat cp ls mkdir mktemp mv rm head sleep tail grep sed',
);

/** Taken where this machine has them. */
export const WELCOME: readonly string[] = words(`
  [ arch b2sum base32 base64 basename basenc chmod chown cksum comm csplit cut date dd df dir dircolors dirname du
  echo env expand expr factor false fmt fold groups id install join link ln logname md5sum mkdir mkfifo nice nl nohup
  nproc numfmt od paste pathchk pr printenv printf ptx pwd readlink realpath rmdir seq sha1sum sha224sum sha256sum
  sha384sum sha512sum shred shuf sort split stat stdbuf stty sum sync tac tee test timeout touch tr true truncate
  tsort tty uname unexpand uniq unlink users vdir wc who whoami yes
  awk bzip2 cmp curl diff diff3 egrep fgrep file find free getopt git gunzip gzip hostname jq kill less make mawk
  mount patch pgrep pkill ps python3 rev setsid strings tar top umount unxz unzip uptime watch which xargs xz xzcat
  zcat zip zstd`);

interface Folder {
  readonly path: string;
  /** Names that are left out, wherever they stand below it: a program's own tests, and what it makes anew by itself. */
  readonly without: readonly string[];
}

/** What a program needs beside its libraries. */
export const FOLDERS_OF: Readonly<Record<string, readonly Folder[]>> = {
  git: [
    { path: '/usr/lib/git-core', without: ['mergetools'] },
    { path: '/usr/libexec/git-core', without: ['mergetools'] },
    { path: '/usr/share/git-core/templates', without: [] },
  ],
  file: [{ path: '/usr/lib/file', without: [] }],
};

/** The standard library is found by the version in the program's real name. */
export const pythonLibrary = (program: string): Folder => ({
  path: `/usr/lib/${program}`,
  without: [
    '__pycache__',
    'test',
    'tests',
    'idlelib',
    'tkinter',
    'turtledemo',
    'ensurepip',
    'lib2to3',
    'dist-packages',
  ],
});

/** Where systems keep the certificates of those that web servers are vouched for by. */
export const CERTIFICATES: readonly string[] = [
  '/etc/ssl/certs/ca-certificates.crt',
  '/etc/pki/tls/certs/ca-bundle.crt',
  '/etc/ssl/ca-bundle.pem',
];

function words(text: string): readonly string[] {
  return text.trim().split(/\s+/);
}
