import type { Hit, HitKind } from './finding.ts';

/** A key, or just as well a checksum: not more than a warning. */
const KIND: HitKind = { name: 'high_entropy_hex', severity: 'medium', action: 'warn', rank: 1000 };
const LENGTH = 64;
/** Lists of checksums are common, and more warnings say no more. */
const MOST = 100;

/** Runs of exactly 64 hexadecimal digits. Looks at every 64th character: one of them lies in each such run. */
export function findHexRuns(text: string): readonly Hit[] {
  const hits: Hit[] = [];
  for (let at = LENGTH - 1; at < text.length && hits.length < MOST; at += LENGTH) {
    if (!isHex(text.charCodeAt(at))) continue;
    const start = edge(text, at, -1);
    const end = edge(text, at, 1) + 1;
    if (end - start === LENGTH && isAlone(text, start, end)) hits.push({ kind: KIND, start, end });
  }
  return hits;
}

function edge(text: string, from: number, step: 1 | -1): number {
  let at = from;
  while (Math.abs(at - from) <= LENGTH && isHex(text.charCodeAt(at + step))) at += step;
  return at;
}

function isAlone(text: string, start: number, end: number): boolean {
  return !/\w/.test(text.charAt(start - 1)) && !/\w/.test(text.charAt(end));
}

function isHex(code: number): boolean {
  return (code >= 0x30 && code <= 0x39) || (code >= 0x61 && code <= 0x66) || (code >= 0x41 && code <= 0x46);
}
