/** The tool by which a model finds the others. */
export const FINDER = 'tool_search';

/** Tools that everyday turns need: offered however many there are. */
export const EVERYDAY: ReadonlySet<string> = new Set([
  FINDER,
  'apply_patch',
  'glob',
  'grep',
  'http',
  'list_dir',
  'memory_read',
  'memory_search',
  'memory_write',
  'message',
  'plan_update',
  'read_file',
  'result_read',
  'shell',
  'spawn_agent',
  'time',
  'web_fetch',
  'write_file',
]);

/** Tools of our own that few turns need: offered to the turn that seems to be one of them. */
export const RARE: ReadonlySet<string> = new Set([
  'echo',
  'file_undo',
  'image_analyze',
  'json',
  'memory_tree',
  'secret_delete',
  'secret_list',
  'structured_result',
  'tool_auth',
  'tool_info',
  'tool_install',
  'tool_list',
  'tool_permission_set',
  'tool_remove',
]);
