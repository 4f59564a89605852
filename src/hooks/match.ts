import { fits } from '../core/wildcard.ts';
import type { HookEvent } from './event.ts';
import type { Hook } from './hook.ts';

/** Whether the hook is for this event. */
export async function matches({ points, only }: Hook, event: HookEvent): Promise<boolean> {
  const { tool, channel, pattern } = only;
  if (!points.has(event.point)) return false;
  if (tool !== undefined && !(event.tool !== undefined && fits(tool, event.tool))) return false;
  if (channel !== undefined && channel !== event.channel) return false;
  return pattern === undefined || pattern.fits(event.text);
}
