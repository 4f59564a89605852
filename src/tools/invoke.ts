import { coerceError } from '../core/errors.ts';
import type { JsonObject } from '../core/json.ts';
import { cutToBytes } from '../safety/index.ts';
import type { Tool, ToolContext, ToolOutput } from './tool.ts';

/** How much of one result is kept, in UTF-8 bytes. The model is shown less of it at a time. */
const MAX_RESULT_BYTES = 1024 * 1024;

/**
 * Runs one call. Always resolves: a tool that throws, takes longer than it may or ignores its signal becomes an
 * output that says so. What it answered is bounded and made storable.
 */
export async function invoke(
  tool: Tool,
  args: JsonObject,
  context: ToolContext,
  limitMs: number,
): Promise<ToolOutput> {
  const timeoutMs = Math.min(tool.timeoutMs, limitMs);
  const deadline = new AbortController();
  const timer = setTimeout(() => deadline.abort(new DOMException('', 'TimeoutError')), timeoutMs);
  const signal = AbortSignal.any([context.signal, deadline.signal]);
  try {
    const output = await Promise.race([execute(tool, args, { ...context, signal }), abortion(signal)]);
    if (output) return { ...output, content: storable(output.content) };
    return { ok: false, content: context.signal.aborted ? interrupted(tool) : timedOut(tool, timeoutMs) };
  } finally {
    clearTimeout(timer);
  }
}

/** Settles once the call is aborted: the tool's own answer, if any, comes too late then. */
function abortion(signal: AbortSignal): Promise<undefined> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve(undefined);
    signal.addEventListener('abort', () => resolve(undefined), { once: true });
  });
}

async function execute(tool: Tool, args: JsonObject, context: ToolContext): Promise<ToolOutput> {
  try {
    return await tool.execute(args, context);
  } catch (thrown) {
    return { ok: false, content: `${tool.name} failed: ${coerceError(thrown).message}` };
  }
}

/** PostgreSQL's text and JSON hold neither NUL nor half a surrogate pair. */
function storable(content: string): string {
  const text = content.replaceAll('\0', '\ufffd').toWellFormed();
  const kept = cutToBytes(text, MAX_RESULT_BYTES);
  return kept === text
    ? text
    : `${kept}\n[The rest was dropped: a result may have ${MAX_RESULT_BYTES} bytes.]`;
}

const timedOut = (tool: Tool, timeoutMs: number): string =>
  `${tool.name} was stopped: it did not finish within ${timeoutMs / 1000} seconds. Ask it for less at a time.`;

const interrupted = (tool: Tool): string => `${tool.name} was stopped because the turn was interrupted.`;
