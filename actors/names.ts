/** Registered names of the actors that others look for. */
export const ROUTER = 'router';
export const SESSIONS = 'sessions';
export const channelName = (channel: string): string => `channel:${channel}`;
export const sessionName = (conversationId: string): string => `session:${conversationId}`;
export const SANDBOX_SLOTS = 'sandbox-slots';
export const SHELL_CONTAINERS = 'shell-containers';
export const SANDBOX_CALLS = 'sandbox-calls';
export const MODEL_SLOTS = 'model-slots';
export const MODEL_BREAKERS = 'model-breakers';
export const MODEL_CALLS = 'model-calls';
/** @param reference of the model, `provider/model` */
export const breakerName = (reference: string): string => `breaker:${reference}`;
export const SCHEDULER = 'scheduler';
export const JOBS = 'jobs';
export const NOTIFIER = 'notifier';
export const HEARTBEAT = 'heartbeat';
export const CONTAINER_JOBS = 'container-jobs';
export const containerJobName = (jobId: string): string => `container:${jobId}`;
export const ROUTINES = 'routines';
export const ROUTINE_ENGINE = 'routine-engine';
export const routineName = (routineId: string): string => `routine:${routineId}`;
