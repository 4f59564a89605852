/**
 * The bare result inside the frame that marks tool output as data (see `wrapToolOutput`), with the tags inside
 * it as they were. Text without the frame comes back unchanged.
 */
export function unwrapToolOutput(content: string): string {
  const body = /^<tool_output [^>]*>\n([\s\S]*)\n<\/tool_output>$/.exec(content)?.[1];
  return body === undefined ? content : body.replace(/<\u200b(?=[\s/]{0,8}tool_output)/gi, '<');
}
