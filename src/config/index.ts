export {
  type CheckedToml,
  type FileTrouble,
  placed,
  readCheckedToml,
  type TomlFormat,
} from './checked-toml.ts';
export type { Environment } from './environment-layer.ts';
export { homeFolder } from './home.ts';
export {
  type ConfigRequest,
  configPath,
  explainConfig,
  loadConfig,
  type Override,
} from './load.ts';
export { nearest } from './nearest.ts';
export type { Config } from './schema.ts';
export { createSettingsDesk, type SettingsDeskOptions } from './settings-desk.ts';
export type { Place } from './toml-places.ts';
export { type WatchedFile, watchFile } from './watched-file.ts';
