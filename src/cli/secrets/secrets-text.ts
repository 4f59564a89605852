import type { SecretEntry, SecretsReport } from '../../core/secrets.ts';
import { table } from '../../repl/index.ts';

/** What `ironbark secrets list` prints: names and circumstances, never a value. */
export function secretsText({ secrets, masterKey: { source, warning, problem } }: SecretsReport): string {
  const head = ['NAME', 'FROM', 'SET', 'EXPIRES', 'LAST USED'];
  const rows = secrets.length === 0 ? 'No secrets yet. Set one with: ironbark secrets set NAME' : undefined;
  return [
    rows ?? table([head, ...secrets.map(row)]),
    source && `The master key comes from ${SOURCES[source]}.`,
    warning && `warning: ${warning}`,
    problem && `problem: ${problem}`,
  ]
    .filter(Boolean)
    .join('\n');
}

function row({ name, source, setAt, expiresAt, expired, uses, lastUse }: SecretEntry): readonly string[] {
  return [
    name,
    source,
    setAt ? day(setAt) : '',
    expiresAt ? `${day(expiresAt)}${expired ? ' (expired)' : ''}` : '',
    lastUse ? `${minute(lastUse.at)} by ${lastUse.tool} for ${lastUse.host}, ${uses} in all` : 'never',
  ];
}

const SOURCES = {
  environment: 'the environment variable IRONBARK_MASTER_KEY',
  file: 'the file that IRONBARK_MASTER_KEY_FILE names',
  systemd: 'a systemd credential',
  keychain: 'the keychain of the operating system',
  home: 'a file of the home folder',
};

/** In UTC, as everything about an expiry is. */
const day = (at: string): string => at.slice(0, 10);
const minute = (at: string): string => `${at.slice(0, 16).replace('T', ' ')}Z`;
