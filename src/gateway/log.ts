/** Where the gateway writes what happened to it. A pino logger fits. Never receives a token, code or cookie. */
export interface GatewayLog {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}
