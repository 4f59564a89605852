/** Registered names of the actors that others look for. */
export const ROUTER = 'router';
export const SESSIONS = 'sessions';
export const channelName = (channel: string): string => `channel:${channel}`;
export const sessionName = (conversationId: string): string => `session:${conversationId}`;
export const SANDBOX_SLOTS = 'sandbox-slots';
export const SANDBOX_CALLS = 'sandbox-calls';
export const MODEL_SLOTS = 'model-slots';
export const MODEL_BREAKERS = 'model-breakers';
export const MODEL_CALLS = 'model-calls';
/** @param reference of the model, `provider/model` */
export const breakerName = (reference: string): string => `breaker:${reference}`;
