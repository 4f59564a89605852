import { IronbarkError } from '../../core/errors.ts';
import type { ToolsDesk } from '../../core/tools.ts';

/** For assistants that have no tools. */
export const noTools = (): ToolsDesk => ({
  list: () => [],
  permissions: async () => [],
  permit: () => Promise.reject(new IronbarkError('usage', 'There are no tools.')),
});
