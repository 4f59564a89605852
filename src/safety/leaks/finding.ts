import type { Severity } from '../phrases.ts';

/** `block`: nothing of the text may go on. `redact`: the text may, without this stretch. `warn`: it may as it is. */
export type LeakAction = 'block' | 'redact' | 'warn';

/** A stretch of a text that is, or looks like, a secret. */
export interface LeakFinding {
  /** Which pattern; `secret:NAME` for a secret of the user's own. */
  readonly pattern: string;
  readonly severity: Severity;
  readonly action: LeakAction;
  /** In UTF-16 units of the text, `end` not included. Covers the encoded form where the secret was encoded. */
  readonly start: number;
  readonly end: number;
  /** Both ends, the middle masked; never more than four characters of either. */
  readonly preview: string;
}

export interface LeakScan {
  readonly verdict: 'clean' | LeakAction;
  /** In the order of the text; no two overlap. */
  readonly findings: readonly LeakFinding[];
}

/** What kind of secret a hit is. */
export interface HitKind {
  readonly name: string;
  readonly severity: Severity;
  readonly action: LeakAction;
  /** Of kinds with the same action that overlap the lower is named: it says more. */
  readonly rank: number;
}

/** A find before overlapping ones are united. */
export interface Hit {
  readonly kind: HitKind;
  readonly start: number;
  readonly end: number;
}

export const STRENGTH: Readonly<Record<LeakScan['verdict'], number>> = {
  clean: 0,
  warn: 1,
  redact: 2,
  block: 3,
};

/** One hit for each stretch: those that overlap become one, named by the strictest and most telling of them. */
export function united(hits: readonly Hit[]): readonly Hit[] {
  const sorted = hits.toSorted((a, b) => a.start - b.start || b.end - a.end);
  const result: Hit[] = [];
  for (const hit of sorted) {
    const last = result.at(-1);
    if (last === undefined || hit.start >= last.end) result.push(hit);
    else result[result.length - 1] = union(last, hit);
  }
  return result;
}

function union(a: Hit, b: Hit): Hit {
  const order = STRENGTH[b.kind.action] - STRENGTH[a.kind.action] || a.kind.rank - b.kind.rank;
  return { kind: order > 0 ? b.kind : a.kind, start: a.start, end: Math.max(a.end, b.end) };
}

export function reported(text: string, hits: readonly Hit[]): LeakScan {
  const findings = hits.map(({ kind, start, end }) => ({
    pattern: kind.name,
    severity: kind.severity,
    action: kind.action,
    start,
    end,
    preview: previewOf(text.slice(start, end)),
  }));
  return { verdict: verdictOf(findings), findings };
}

function verdictOf(findings: readonly LeakFinding[]): LeakScan['verdict'] {
  const strength = Math.max(0, ...new Set(findings.map(({ action }) => STRENGTH[action])));
  if (strength === STRENGTH.block) return 'block';
  if (strength === STRENGTH.redact) return 'redact';
  return strength === STRENGTH.warn ? 'warn' : 'clean';
}

/** An eighth of the secret at each end at most: of one with 16 characters two and two. */
function previewOf(secret: string): string {
  const shown = Math.min(4, Math.floor(secret.length / 8));
  const visible = (part: string): string => part.replace(/[^\x21-\x7e]/g, '?');
  const tail = shown === 0 ? '' : secret.slice(-shown);
  return `${visible(secret.slice(0, shown))}…${visible(tail)}`;
}
