/** The key of a conversation's durable actor, under which its journal is kept. */
export const sessionKey = (conversationId: string): string => `session/${conversationId}`;

export const conversationOf = (key: string): string => key.slice('session/'.length);

/** The conversations that nobody began by talking: their ids begin so. They are in no list and leave no episode. */
export const jobConversation = (jobId: string): string => `job-${jobId}`;
export const runConversation = (runId: string): string => `run-${runId}`;
export const routineConversation = (routineId: string): string => `routine-${routineId}`;

export const isJobConversation = (conversationId: string): boolean => conversationId.startsWith('job-');
export const jobOfConversation = (conversationId: string): string => conversationId.slice('job-'.length);
