/** Registered names of the actors that others look for. */
export const ROUTER = 'router';
export const SESSIONS = 'sessions';
export const channelName = (channel: string): string => `channel:${channel}`;
export const sessionName = (conversationId: string): string => `session:${conversationId}`;
export const SANDBOX_SLOTS = 'sandbox-slots';
export const SANDBOX_CALLS = 'sandbox-calls';
