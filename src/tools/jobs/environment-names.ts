/** Variables that decide what a program loads, or who it takes itself for: none of them carries a secret. */
const WITHHELD: ReadonlySet<string> = new Set([
  ...['PATH', 'HOME', 'USER', 'SHELL', 'IFS', 'ENV', 'CDPATH', 'BASH_ENV', 'RUST_LOG'],
  ...['PYTHONPATH', 'NODE_PATH', 'NODE_OPTIONS', 'RUBYLIB', 'RUBYOPT', 'PERL5LIB', 'PERL5OPT', 'CLASSPATH'],
  ...['JAVA_TOOL_OPTIONS', 'MAVEN_OPTS', 'GIT_SSH_COMMAND', 'GIT_EXEC_PATH', 'PROMPT_COMMAND'],
  ...['HTTP_PROXY', 'HTTPS_PROXY', 'ALL_PROXY', 'NO_PROXY', 'SSL_CERT_FILE', 'NODE_EXTRA_CA_CERTS'],
]);

/** Why a secret cannot be given as this variable; undefined where it can. */
export function nameTrouble(name: string): string | undefined {
  if (!/^[A-Z_][A-Z0-9_]{0,127}$/.test(name)) {
    return `"${name.slice(0, 60)}" is no name for a variable: it takes capitals, digits and _, and does not begin with a digit.`;
  }
  if (WITHHELD.has(name) || /^(?:LD|DYLD|IRONBARK)_/.test(name)) {
    return `A secret cannot be given as ${name}: that variable changes what programs do. Choose another name.`;
  }
  return undefined;
}
