export { type ApiClient, type ApiQuery, createApiClient } from './api-client.ts';
export type { ApiToken, ApiTokenStore } from './api-tokens.ts';
export type { BackOff } from './back-off.ts';
export {
  type AcceptedInput,
  type ConnectOptions,
  connect,
  type GatewayClient,
  type HistoryPage,
  type SendOptions,
} from './client.ts';
export type { SessionStore, Sessions } from './credentials.ts';
export { createGatewayFace, type GatewayFace } from './face.ts';
export type { Gateway, GatewayOptions } from './gateway.ts';
export { GatewayError, type GatewayErrorCode } from './gateway-error.ts';
export type { GatewayLimits } from './limits.ts';
export type { GatewayLog } from './log.ts';
export type { ConnectionState } from './resilient-link.ts';
export type { ClientLoad } from './upgrades.ts';
export type { Watch } from './watches.ts';
