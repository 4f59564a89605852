import type { Composed } from './source.ts';

/** Where QuickJS says an error is: `componentize-qjs:user.js:2:9`. */
const PLACE = /componentize-qjs:user\.js:(\d+):(\d+)/;
const HOST_CALL = /unknown import: `[^#]*#([\w-]+)`/;

const FOREIGN_MODULE = /Error resolving module '([^']*)'/;

/** Says to the author what QuickJS said to the addon: the message, and the place in the author's own lines. */
export function explain(raw: string, composed: Composed): string {
  const [, call] = HOST_CALL.exec(raw) ?? [];
  if (call) return `The source calls the host (${call}) while it loads. Only run or execute may do that.`;
  const [, module] = FOREIGN_MODULE.exec(raw) ?? [];
  if (module) return `"${module}" cannot be imported: a tool is one file.`;
  const [first = raw] = raw.replace(/^[\s\S]*?(?:Failed to [^:]*: )+/, '').split('\n    at ');
  const message = first.replace(/^Error: /, '').trim() || 'unknown error';
  const asynchronous = /must be synchronous/.test(message) && lineOfAsync(composed.source);
  const place = asynchronous ? `Line ${asynchronous}: ` : placeOf(raw, composed);
  return `${place}${message}`.slice(0, 2000);
}

function placeOf(raw: string, { source, offset }: Composed): string {
  const [, line, column] = PLACE.exec(raw) ?? [];
  const [row, position] = [Number(line), Number(column) - (line === '1' ? offset : 0)];
  // Beyond the source lies what was appended to it; there the message says all.
  if (line === undefined || position < 1 || row > source.split('\n').length) return '';
  return `Line ${row}, column ${position}: `;
}

function lineOfAsync(source: string): number | undefined {
  const at = source.search(
    /async\s+(?:function\s*\*?\s*)?(?:run|execute)\b|\b(?:run|execute)\s*[:=]\s*async\b/,
  );
  return at < 0 ? undefined : source.slice(0, at).split('\n').length;
}
