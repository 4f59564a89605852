import { z } from 'zod';
import type { JsonObject } from '../json.ts';
import { opaque } from './fields.ts';

const ask = z.object({ id: z.string(), words: z.string(), approved: z.boolean() });

const extension = z.object({
  name: z.string(),
  kind: z.literal('wasm_tool'),
  description: z.string(),
  version: z.string().nullable(),
  /** It can be called. */
  active: z.boolean(),
  tools: z.array(z.string()).readonly(),
  /** Every secret that it cannot do without is there. */
  authenticated: z.boolean(),
  needs_setup: z.boolean(),
  /** Why the file that lies there now is not in use. */
  activation_error: z.string().nullable(),
  /** What it asks for, in plain words, and whether that was approved. */
  asks: z.array(ask).readonly(),
});

export const ExtensionsReply = z.object({
  extensions: z.array(extension),
  /** The folder that tools are dropped into. */
  folder: z.string(),
  available: z.boolean(),
  reason: z.string().nullable(),
});

export const ExtensionParams = z.object({ name: z.string().min(1).max(128) });
export const ExtensionReply = extension.extend({
  /** The hash of the component; null where it could not be loaded. */
  component: z.string().nullable(),
  parameters: opaque<JsonObject>().nullable(),
  secrets: z.array(
    z.object({
      name: z.string(),
      is_set: z.boolean(),
      optional: z.boolean(),
      advice: z.string().nullable(),
    }),
  ),
  notes: z.array(z.string()).readonly(),
});
export const ExtensionsReadinessReply = z.object({
  extensions: z.array(
    z.object({
      name: z.string(),
      phase: z.enum(['ready', 'needs_setup', 'needs_approval', 'failed']),
      message: z.string().nullable(),
    }),
  ),
});

/** Without `print` it only says what would be installed, and what that asks for. */
export const ExtensionInstallBody = z.object({
  /** Absolute path on the assistant's machine: a component, a tool in JavaScript, or a folder with `tool.js`. */
  path: z.string().min(1).max(4_096),
  print: z.string().max(128).optional(),
});
export const ExtensionInstallReply = z.object({
  success: z.boolean(),
  installed: z.boolean(),
  message: z.string(),
  name: z.string(),
  description: z.string(),
  version: z.string().nullable(),
  asks: z.array(z.string()).readonly(),
  replaces: z.boolean(),
  /** To be sent back as consent to just this. */
  print: z.string(),
});
/** What is approved of what it asks for: ids, or all of it. */
export const ExtensionActivateBody = z.object({
  approve: z.union([z.literal('all'), z.array(z.string().max(4_096)).max(1_000)]).default('all'),
});
export const ActionReply = z.object({ success: z.boolean(), message: z.string() });

export const RegistryReply = z.object({
  entries: z.array(z.never()),
  available: z.literal(false),
  reason: z.string(),
});

const tool = z.object({
  name: z.string(),
  description: z.string(),
  source: z.enum(['builtin', 'extension']),
  powers: z.array(z.string()).readonly(),
  /** What the tool declares of itself. */
  approval: z.enum(['never', 'unless-granted', 'always']),
  parameters: opaque<JsonObject>(),
  version: z.string().nullable(),
});
export const ToolsReply = z.object({ tools: z.array(tool).readonly() });

export type Extension = z.infer<typeof extension>;
export type ExtensionsReply = z.infer<typeof ExtensionsReply>;
export type ExtensionReply = z.infer<typeof ExtensionReply>;
export type ExtensionsReadinessReply = z.infer<typeof ExtensionsReadinessReply>;
export type ExtensionInstallReply = z.infer<typeof ExtensionInstallReply>;
export type ActionReply = z.infer<typeof ActionReply>;
export type RegistryReply = z.infer<typeof RegistryReply>;
export type ToolEntry = z.infer<typeof tool>;
export type ToolsReply = z.infer<typeof ToolsReply>;
