/** Whether a message is nothing but a command line, as people paste it. */
export function isShellCommand(text: string): boolean {
  const line = text.trim().replace(/^\$ /, '');
  const [program = '', ...rest] = line.split(/\s+/);
  if (!PROGRAMS.has(program) || line.includes('\n\n')) return false;
  return rest.length === 0 || / (?:-{1,2}\w|&&|\|)|[\w.-]+\/[\w.-]+/.test(line) || SUBCOMMANDS.test(line);
}

/** Those that are not everyday words as well. */
const PROGRAMS: ReadonlySet<string> = new Set(
  'git npm npx pnpm yarn ls cd rm cp mv mkdir rmdir chmod chown curl wget docker podman kubectl ssh scp rsync pip pip3 python python3 node deno bun cargo rustc go gcc make cmake sudo apt apt-get brew systemctl journalctl grep sed awk tar unzip psql sqlite3 terraform ansible gh'.split(
    ' ',
  ),
);

const SUBCOMMANDS =
  /^(?:sudo )?(?:git (?:pull|push|status|log|diff|fetch|clone|commit|add|checkout|rebase|merge|stash)|npm (?:test|start|ci|install|run \S+)|docker (?:ps|compose \S+|build|run|pull)|(?:pip3?|apt|apt-get|brew|cargo) (?:install|build|test|run|update)\b.*|make \w+|systemctl \w+ \S+|kubectl (?:get|apply|describe) \S+)\b/;
