import type { Payer } from '../../src/budget/index.ts';
import type { Job } from '../../src/work/index.ts';
import { jobConversation } from '../conversation-key.ts';
import { jobAgentOrder } from '../jobs/order.ts';

/** Who pays for what the container of a job asks of models: whoever pays for a job that is worked on here. */
export const jobPayer = (job: Job): Payer => ({
  conversationId: jobConversation(job.id),
  turnId: job.id,
  agent: jobAgentOrder(job, []),
});
