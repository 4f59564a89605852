import type { SlotPool } from '../../sandbox/index.ts';
import type { ToolFolderInput } from './tool-folder.ts';

/** What the sandbox's part of the tree works with. */
export interface Sandbox {
  readonly pool: SlotPool;
  /** A call that takes none of its waiting messages for so long is stopped. */
  readonly hungAfterMs: number;
  /** Where its tools come from. Without it, only what is handed to it by name can be called. */
  readonly tools?: ToolFolderInput;
}
