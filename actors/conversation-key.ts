/** The key of a conversation's durable actor, under which its journal is kept. */
export const sessionKey = (conversationId: string): string => `session/${conversationId}`;

export const conversationOf = (key: string): string => key.slice('session/'.length);
