export { type Environment, environmentSecrets } from './environment-secrets.ts';
export { Secret } from './secret.ts';
export type { Secrets } from './secrets.ts';
export { standInSecrets } from './stand-in-secrets.ts';
export { secretHelp } from './variable.ts';
