/** Jobs as rows: what is ordered, what waits, what is worked on, and what came of it. */
export { jobEventOf } from './conversation-events.ts';
export { detailOf, isQuiet, type Job, orderOf, summaryOf } from './job.ts';
export { jobEventStatement, type NewJobEvent, readJobEvents } from './job-events.ts';
export {
  isJobKey,
  type JobMessage,
  jobKey,
  jobOfKey,
  type NewMessage,
  type OpenMessage,
  openMessages,
  tellJob,
} from './job-inbox.ts';
export {
  jobMoved,
  newJob,
  unawaited,
  waitingFor,
} from './job-statements.ts';
export { newJobOf } from './new-order.ts';
export { orderText } from './order-text.ts';
export { jobsToBegin } from './queue.ts';
export {
  countAhead,
  countJobs,
  type JobAtHand,
  jobsBeginning,
  listJobs,
  readJob,
  readJobAtHand,
  readJobByOrder,
  readJobs,
} from './read-jobs.ts';
export { DEFAULT_WORK, type WorkSettings } from './settings.ts';
export { forsakenJobs, hasOpenJobs, stalledJobs } from './stalled.ts';
export { type JobMoved, readTransitions } from './transitions.ts';
