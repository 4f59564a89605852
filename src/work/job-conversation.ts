/** The conversation in which the turn engine works on a job. */
export const jobConversationOf = (jobId: string): string => `job-${jobId}`;
