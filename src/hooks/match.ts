import type { HookEvent } from './event.ts';
import type { Hook } from './hook.ts';

/** Whether the hook is for this event. */
export async function matches({ points, only }: Hook, event: HookEvent): Promise<boolean> {
  const { tool, channel, pattern } = only;
  if (!points.has(event.point)) return false;
  if (tool !== undefined && !(event.tool !== undefined && fitsName(tool, event.tool))) return false;
  if (channel !== undefined && channel !== event.channel) return false;
  return pattern === undefined || pattern.fits(event.text);
}

/** `*` stands for any characters. A name has 128 characters at most. */
function fitsName(wanted: string, name: string): boolean {
  const [first = '', ...rest] = wanted.split('*');
  if (rest.length === 0) return wanted === name;
  const last = rest.pop() ?? '';
  if (!name.startsWith(first) || name.length < first.length + last.length || !name.endsWith(last))
    return false;
  let at = first.length;
  for (const part of rest) {
    const found = name.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  return at <= name.length - last.length;
}
