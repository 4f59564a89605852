import type { Clock } from '../../core/clock.ts';
import type { WorkDesk } from '../../core/work.ts';
import type { FileScope } from '../path-safety.ts';
import type { Tool } from '../tool.ts';
import { cancelJobTool } from './cancel-job.ts';
import { createJobTool } from './create-job.ts';
import { jobEventsTool } from './job-events.ts';
import { jobPromptTool } from './job-prompt.ts';
import { jobStatusTool } from './job-status.ts';
import { listJobsTool } from './list-jobs.ts';

/** The tools with which a model orders work that goes on by itself, and looks after it. */
export const jobTools = (
  work: WorkDesk,
  { clock, files }: { readonly clock: Clock; readonly files: Pick<FileScope, 'absolute'> },
): readonly Tool[] => [
  cancelJobTool(work),
  createJobTool(work, files),
  jobEventsTool(work),
  jobPromptTool(work),
  jobStatusTool(work, clock),
  listJobsTool(work, clock),
];
