import { z } from 'zod';
import type { Json } from '../json.ts';
import { moment, opaque } from './fields.ts';

/** Whatever a TOML file can say, without dates. */
const value = opaque<Json>();
/** What comes in. */
const given = z.json();

const setting = z.object({
  /** `gateway.port` */
  key: z.string(),
  /** What counts; null where nothing is set, and always for secrets. */
  value,
  /** What counts where nobody sets anything; null: nothing. */
  default: value,
  source: z.enum(['default', 'profile', 'file', 'environment', 'command_line']),
  /** The very place: a file and line, a variable, a flag. */
  place: z.string(),
  description: z.string(),
  type: z.enum(['text', 'number', 'boolean', 'choice', 'list']),
  choices: z.array(z.string()).readonly().exactOptional(),
  minimum: z.number().exactOptional(),
  maximum: z.number().exactOptional(),
  integer: z.boolean().exactOptional(),
  /** Whether a value is there that is not shown. */
  secret: z.boolean(),
  is_set: z.boolean(),
  /** False: only a file, the environment or the command line sets it. */
  editable: z.boolean(),
  /** Why it is not; null where it is. */
  fixed_reason: z.string().nullable(),
  /** Whether a change of it counts only from the next start on. */
  needs_restart: z.boolean(),
  /** What it is set to is not what the assistant runs with. */
  restart_pending: z.boolean(),
  /** When the file was last changed, where the value is from there. */
  updated_at: moment.nullable(),
});

export const SettingsReply = z.object({
  settings: z.array(setting),
  /** What was changed and counts from the next start on. */
  restart_pending: z.array(z.string()).readonly(),
  /** The file that changes are written to. */
  file: z.string(),
});
export const SettingParams = z.object({ key: z.string().min(1).max(200) });
export const SettingBody = z.object({ value: given });
export const SettingReply = z.object({
  setting,
  needs_restart: z.boolean(),
  /** What the person should know of it: that the environment has the last word, for example. */
  message: z.string().nullable(),
});

/** Those of the configuration file, without secrets. */
export const SettingsExportReply = z.object({ settings: z.record(z.string(), value).readonly() });
export const SettingsImportBody = z.object({ settings: z.record(z.string().max(200), given) });
export const SettingsImportReply = z.object({
  changed: z.array(z.string()).readonly(),
  needs_restart: z.boolean(),
  restart_pending: z.array(z.string()).readonly(),
  message: z.string().nullable(),
});

/**
 * `always_allow`: not asked about; `ask`: unless it was granted; `ask_each_time`: whatever was granted; `disabled`:
 * nobody may use it.
 */
const permission = z.enum(['always_allow', 'ask', 'ask_each_time', 'disabled']);

const toolPermission = z.object({
  name: z.string(),
  description: z.string(),
  source: z.enum(['builtin', 'extension']),
  powers: z.array(z.string()).readonly(),
  current_state: permission,
  /** What the tool declares of itself. */
  default_state: permission,
  /** What it can be set to; never empty, unless it is locked. */
  states: z.array(permission).readonly(),
  locked: z.boolean(),
  locked_reason: z.string().exactOptional(),
  /** What was granted of it. */
  grants: z.array(
    z.object({
      grant_id: z.string(),
      scope: z.string(),
      granted_at: moment,
      expires_at: moment.nullable(),
      thread_id: z.string().nullable(),
      influenced: z.boolean(),
      outdated: z.boolean(),
    }),
  ),
});

export const ToolPermissionsReply = z.object({ tools: z.array(toolPermission) });
export const ToolPermissionParams = z.object({ name: z.string().min(1).max(200) });
export const ToolPermissionBody = z.object({ state: z.enum([...permission.options, 'default']) });
export const ToolPermissionReply = z.object({ tool: toolPermission });

export const GrantBody = z.object({
  tool: z.string().min(1).max(200),
  /** Only calls whose every target is among these: a path with all beneath it, a host, a recipient. None: any. */
  targets: z
    .array(z.string().regex(/^[^\0\p{Cs}]{1,1000}$/u, 'must be 1 to 1000 characters'))
    .max(100)
    .default([]),
  expires_at: z.iso
    .datetime({ offset: true, error: 'must be a time, for example 2030-01-31T00:00:00Z' })
    .optional(),
  /** Also for calls that words from outside had a hand in. */
  influenced: z.boolean().default(false),
});
export const GrantParams = z.object({ id: z.string().min(1).max(200) });
export const GrantReply = z.object({ grant_id: z.string(), scope: z.string() });

export type Setting = z.infer<typeof setting>;
export type SettingsReply = z.infer<typeof SettingsReply>;
export type SettingReply = z.infer<typeof SettingReply>;
export type SettingsExportReply = z.infer<typeof SettingsExportReply>;
export type SettingsImportReply = z.infer<typeof SettingsImportReply>;
export type ToolPermission = z.infer<typeof toolPermission>;
export type ToolPermissionsReply = z.infer<typeof ToolPermissionsReply>;
export type ToolPermissionReply = z.infer<typeof ToolPermissionReply>;
