import { ok, type Result } from '../core/result.ts';
import type { LeakDetector, LeakScan } from '../safety/index.ts';
import { type EgressRefusal, refuse } from './refuse.ts';

/** Whether texts may leave: a live secret in one of them stops the request. */
export async function checkLeaks(
  leaks: LeakDetector,
  ...texts: readonly (string | Uint8Array)[]
): Promise<Result<void, EgressRefusal>> {
  for (const text of texts) {
    const { findings } = await leaks.scanLong(text);
    const live = findings.filter(({ action }) => action === 'block');
    if (live.length === 0) continue;
    const names = [...new Set(live.map(({ pattern, preview }) => `${pattern} (${preview})`))].slice(0, 3);
    return refuse(
      'leak-in-request',
      `Stopped, because what the container wanted to send seemed to hold a secret: ${names.join(', ')}.`,
    );
  }
  return ok(undefined);
}

/** The body without what looks like a secret in it; itself where there is none, so that archives stay as they are. */
export async function withoutLeaks(leaks: LeakDetector, body: Uint8Array): Promise<Uint8Array> {
  const scan = await leaks.scanLong(body);
  if (!holdsSecret(scan)) return body;
  // The scan counts a byte order mark as a place.
  const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(body);
  return new TextEncoder().encode(leaks.redact(text, scan));
}

const holdsSecret = (scan: LeakScan): boolean => scan.verdict === 'redact' || scan.verdict === 'block';
