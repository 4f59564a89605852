import type { WireErrorCode } from '../core/wire.ts';

/** `unreachable`: no connection could be made. `closed`: it ended, so what was asked may or may not have happened. */
export type GatewayErrorCode = WireErrorCode | 'unreachable' | 'closed';

/** What a request through the gateway failed with. The message is meant for people. */
export class GatewayError extends Error {
  readonly code: GatewayErrorCode;

  constructor(code: GatewayErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'GatewayError';
    this.code = code;
  }
}
