/**
 * Places where people keep keys, passwords and their own command history. Compared without regard to letter case;
 * a folder is written with a slash at its end and matches all beneath it.
 */
const SENSITIVE_PLACES: readonly string[] = [
  '/.ssh/',
  '/.aws/',
  '/.netrc',
  '/.pgpass',
  '/.npmrc',
  '/.pypirc',
  '/.docker/',
  '/.kube/',
  '/.git-credentials',
  '/.gcloud/',
  '/.config/gcloud/',
  '/.config/gh/hosts.yml',
  '/.gnupg/',
  '/.password-store/',
  '/.vault-token',
  '/.ironbark/secrets/',
  '/.ironclaw/secrets/',
  '/etc/shadow',
  '/etc/gshadow',
  '/.terraform.d/credentials.tfrc.json',
  '/.azure/',
  '/.bash_history',
  '/.zsh_history',
  '/.histfile',
];

const SENSITIVE_NAME =
  /^(?:id_(?:rsa|dsa|ecdsa|ed25519)(?!\.pub$)|authorized_keys|known_hosts)|\.(?:pem|key|p12|pfx|jks|keystore)$/;
const ENVIRONMENT_FILE = /^\.env(?!.*\.(?:example|template|sample|dist)$)/;

/** True where a file at this absolute path is likely to hold secrets. */
export function isSensitive(path: string): boolean {
  const lower = path.replaceAll('\\', '/').toLowerCase();
  const name = lower.slice(lower.lastIndexOf('/') + 1);
  if (SENSITIVE_NAME.test(name) || ENVIRONMENT_FILE.test(name)) return true;
  return SENSITIVE_PLACES.some((place) => `${lower}/`.includes(place));
}
