const TOOL_NAME = /^[a-z0-9][a-z0-9_-]{0,63}$/;

/** Whether a tool may be called so; such a name is also a safe name for a file. */
export const isToolName = (name: string): boolean => TOOL_NAME.test(name);
