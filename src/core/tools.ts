import type { Grant } from './assistant.ts';
import type { JsonObject } from './json.ts';

/** What a person does with the tools of a running assistant. */
export interface ToolsDesk {
  /** By name. */
  list(): readonly ToolInfo[];
  /** By name. Rejects with kind `config` where the administrator's rules cannot be read. */
  permissions(): Promise<readonly ToolPermission[]>;
  /** Rejects with kind `usage` where there is no such tool, or it cannot be so. */
  permit(tool: string, state: PermissionState | 'default'): Promise<ToolPermission>;
}

export interface ToolInfo {
  readonly name: string;
  readonly description: string;
  readonly source: 'builtin' | 'extension';
  /** What a call can do to the world; none: it computes, or looks at what is everybody's. */
  readonly powers: readonly string[];
  /** What it declares of itself. */
  readonly approval: 'never' | 'unless-granted' | 'always';
  /** JSON Schema of its arguments. */
  readonly parameters: JsonObject;
  /** Of an extension: changes with its code. */
  readonly version: string | null;
}

/**
 * `always_allow`: not asked about; `ask`: unless it was granted; `ask_each_time`: whatever was granted; `disabled`:
 * nobody may use it.
 */
export type PermissionState = 'always_allow' | 'ask' | 'ask_each_time' | 'disabled';

export interface ToolPermission {
  readonly tool: string;
  readonly state: PermissionState;
  /** What the tool declares of itself. */
  readonly declared: PermissionState;
  /** What it can be set to; empty where it is locked. */
  readonly states: readonly PermissionState[];
  /** What decides instead, and where that is written; null: the user does. */
  readonly locked: string | null;
  readonly grants: readonly Grant[];
}
