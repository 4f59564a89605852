export type { Environment } from './environment-layer.ts';
export { homeFolder } from './home.ts';
export {
  type ConfigRequest,
  configPath,
  explainConfig,
  loadConfig,
  type Override,
} from './load.ts';
export type { Config } from './schema.ts';
