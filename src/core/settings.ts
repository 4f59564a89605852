import type { Json } from './json.ts';
import type { Result } from './result.ts';

/** What a person does with the settings of a running assistant. */
export interface SettingsDesk {
  /** Rejects with kind `config` where the file was made unreadable meanwhile. */
  list(): Promise<SettingsReport>;
  /**
   * Writes settings to the file, all of them or none; null takes one out of it. What can be applied at once is, before
   * this resolves.
   */
  change(changes: ReadonlyMap<string, Json>): Promise<Result<SettingsChanged, SettingsTrouble>>;
  /** What the file sets, without secrets. */
  exported(): Promise<Readonly<Record<string, Json>>>;
}

export interface SettingsReport {
  readonly settings: readonly SettingInfo[];
  /** Absolute path. */
  readonly file: string;
}

export interface SettingInfo {
  /** `gateway.port` */
  readonly key: string;
  /** Null: not set, or not shown. */
  readonly value: Json;
  readonly default: Json;
  readonly source: SettingSource;
  /** The very place: a file and line, a variable, a flag; `default`. */
  readonly place: string;
  readonly description: string;
  readonly type: 'text' | 'number' | 'boolean' | 'choice' | 'list';
  readonly choices?: readonly string[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly integer?: boolean;
  /** Its value is never shown. */
  readonly secret: boolean;
  readonly isSet: boolean;
  /** Why only whoever sits at the machine changes it; null: anybody who may change settings. */
  readonly fixed: string | null;
  /** A change of it counts from the next start on. */
  readonly needsRestart: boolean;
  /** The assistant runs with another value than the one that is set. */
  readonly restartPending: boolean;
  /** ISO 8601, of the file's last change; null where the value is not from there. */
  readonly updatedAt: string | null;
}

export type SettingSource = 'default' | 'profile' | 'file' | 'environment' | 'command_line';

export interface SettingsChanged {
  /** Those whose line in the file is another now. */
  readonly changed: readonly string[];
  /** What the person should know, as sentences: what else decides, what could not be applied. */
  readonly notes: readonly string[];
}

/** `unwritable`: the file is written in a way, or lies in a place, that does not allow it. */
export interface SettingsTrouble {
  readonly kind: 'unknown' | 'invalid' | 'fixed' | 'unwritable';
  readonly setting: string;
  readonly message: string;
}
