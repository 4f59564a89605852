/**
 * What a container wanted and did not get:
 * - `memory-limit`: the kernel ended a process; `process-limit`: it had as many as it may; `disk-limit`: it wrote more
 *   into its workspace, or into one file, than it may; `no-space`: a folder in memory was full;
 * - `not-permitted`: a call that the kernel forbids it (EPERM); `read-only`: to write where nothing is written (EROFS);
 *   `denied`: a file outside of its own folders (EACCES); `no-network`: to get past the way out.
 */
export type RefusalRule =
  | 'memory-limit'
  | 'process-limit'
  | 'disk-limit'
  | 'no-space'
  | 'not-permitted'
  | 'read-only'
  | 'denied'
  | 'no-network';

/**
 * Told by the daemon, or noticed by us, it is certain. A program's output tells it only as far as that program wants it
 * told.
 */
export type Refusal =
  | { readonly rule: RefusalRule; readonly evidence: 'daemon' }
  | {
      readonly rule: RefusalRule;
      readonly evidence: 'output';
      /** The line that says so; may hold anything. */
      readonly line: string;
    };
