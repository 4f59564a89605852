import type { JsonObject } from './json.ts';
import type { Result } from './result.ts';

/** What a person does with tools from outside. Errors are sentences for people. */
export interface ExtensionsDesk {
  /** The folder that they are dropped into: an absolute path. */
  readonly folder: string;
  list(): Promise<readonly ExtensionInfo[]>;
  /** Which secrets an installed one takes. Undefined where there is none of that name. */
  secretsOf(name: string): Promise<readonly ExtensionSecret[] | undefined>;
  /** Checks the tool at an absolute path, granting it nothing. Takes seconds where it must be built first. */
  read(path: string): Promise<Result<OfferedExtension, string>>;
  /** Installs what `read` gave, with all that it asks for. */
  install(path: string, print: string): Promise<Result<OfferedExtension, string>>;
  /** Approves what an installed one asks for, by ids; `all` of it. */
  approve(name: string, ids: readonly string[] | 'all'): Promise<Result<void, string>>;
  /** Removes it, and what was approved of it. */
  remove(name: string): Promise<Result<void, string>>;
}

export interface ExtensionInfo {
  readonly name: string;
  readonly description: string;
  readonly version: string | null;
  /** Of its component, in hexadecimal digits; null where it could not be loaded. */
  readonly component: string | null;
  readonly parameters: JsonObject | null;
  /** What it asks for, in plain words. */
  readonly asks: readonly { readonly id: string; readonly words: string; readonly approved: boolean }[];
  /** Why the file that lies there now is not in use. */
  readonly trouble: string | null;
  readonly notes: readonly string[];
}

export interface ExtensionSecret {
  readonly name: string;
  readonly isSet: boolean;
  readonly optional: boolean;
  readonly advice: string | undefined;
}

export interface OfferedExtension {
  readonly name: string;
  readonly version: string | undefined;
  readonly description: string;
  readonly asks: readonly string[];
  /** Another print is another tool. */
  readonly print: string;
  readonly replaces: boolean;
}
