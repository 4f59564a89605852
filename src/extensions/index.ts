export type { ManifestTrouble } from './findings.ts';
export type { FolderTrouble } from './folder-trouble.ts';
export { createGrantStore, type GrantStore } from './grant-store.ts';
export { grantedCapabilities } from './granted-capabilities.ts';
export {
  type Auth,
  type Capabilities,
  type ChannelCapability,
  type Credential,
  type CredentialLocation,
  EMPTY_MANIFEST,
  type HttpCapability,
  type Manifest,
  type RateLimit,
  type Setup,
  type ToolInvokeCapability,
  type Webhook,
  type Websocket,
} from './manifest.ts';
export { matchesName } from './name-glob.ts';
export { type ParsedManifest, parseManifest } from './parse-manifest.ts';
export type { ToolFile } from './read-tool.ts';
export { type RequestedItem, requestedItems } from './requested-items.ts';
export {
  createToolFolder,
  type FolderScan,
  type ToolFolder,
  type ToolFolderOptions,
} from './tool-folder.ts';
