/** What a person does with secrets: of the running assistant, or of a home folder that none runs on. */
export interface SecretsDesk {
  /** Names and circumstances; never a value. */
  list(): Promise<SecretsReport>;
  /** Stores a secret, in place of the one that has this name. */
  set(secret: NewSecret): Promise<void>;
  /** Rejects where the vault has none of this name. */
  delete(name: string): Promise<void>;
  /** Encrypts every secret with a new master key, and removes the former key. */
  rotate(): Promise<SecretsRotation>;
}

export interface NewSecret {
  readonly name: string;
  readonly value: string;
  /** ISO 8601; from then on it counts as not set. Without it: never. */
  readonly expiresAt?: string;
}

export interface SecretsReport {
  readonly masterKey: MasterKeyReport;
  /** In alphabetical order. */
  readonly secrets: readonly SecretEntry[];
}

/**
 * Where a master key comes from: `environment`, the variable itself; `file`, a file that a variable names; `systemd`,
 * a credential of the service; `keychain`, that of the operating system; `home`, a file of the home folder.
 */
export type MasterKeySource = 'environment' | 'file' | 'systemd' | 'keychain' | 'home';

export interface MasterKeyReport {
  /** Null where none was needed yet. */
  readonly source: MasterKeySource | null;
  /** What could be safer, and how. */
  readonly warning: string | null;
  /** Why secrets of the vault cannot be used now, and what to do. */
  readonly problem: string | null;
}

export interface SecretEntry {
  readonly name: string;
  readonly source: 'vault' | 'environment';
  /** ISO 8601. Null for those of the environment. */
  readonly setAt: string | null;
  readonly expiresAt: string | null;
  readonly expired: boolean;
  /** How often it was sent somewhere. */
  readonly uses: number;
  readonly lastUse: SecretUse | null;
}

export interface SecretUse {
  /** ISO 8601. */
  readonly at: string;
  readonly tool: string;
  readonly host: string;
}

export interface SecretsRotation {
  /** How many secrets were encrypted anew. */
  readonly secrets: number;
  /** Where the new key is. */
  readonly source: MasterKeySource;
  /** What is left to do by hand, where the former key lies where Ironbark cannot remove it. */
  readonly advice: string | null;
}

/** Letters in any case, digits, `_`, `-` and `.`; letter case makes no difference. */
export const SECRET_NAME = /^\w[\w.-]{0,127}$/;

/** Longest value, in UTF-8 bytes. No key is longer. */
export const MAX_SECRET_BYTES = 64 * 1024;
