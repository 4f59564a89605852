import { basename } from 'node:path';
import type { ApprovalDecision, JournalEntry } from '../../core/journal.ts';
import { callKey } from './observation.ts';
import { ALWAYS_APPROVAL_PROBE, NEEDS_APPROVAL_PROBE } from './probes.ts';

/** How the player answers when it is asked: through the approval itself, or as a user would by writing. */
export type ApprovalAnswer = {
  /** False where the file's name says nothing about it. */
  readonly scripted: boolean;
} & (
  | { readonly by: 'decision'; readonly decision: ApprovalDecision }
  | { readonly by: 'message'; readonly text: string }
);

/**
 * The answer that a trace's file name asks for: `always`, `deny` (or `no` in the name of an approval trace),
 * `slash` for the command `/approve`, `yes` for the word. Any other name allows once, unscripted.
 */
export function answerNamedBy(file: string): ApprovalAnswer {
  const words = new Set(
    basename(file, '.json')
      .toLowerCase()
      .split(/[^a-z]+/),
  );
  if (words.has('always')) return { by: 'decision', decision: 'always', scripted: true };
  if (words.has('deny') || (words.has('approval') && words.has('no'))) {
    return { by: 'decision', decision: 'deny', scripted: true };
  }
  if (words.has('slash')) return { by: 'message', text: '/approve', scripted: true };
  if (words.has('yes')) return { by: 'message', text: 'yes', scripted: true };
  return { by: 'decision', decision: 'once', scripted: false };
}

/**
 * What must hold of the probes in any run, whatever the trace expects: nothing runs unasked that must ask,
 * nothing is asked again after "always", nothing runs that was denied. Broken rules, a sentence each.
 */
export function checkProbeApprovals(entries: readonly JournalEntry[]): readonly string[] {
  const seen: Seen = { asked: new Set(), denied: new Set(), granted: false };
  return entries.flatMap((entry) => brokenRule(entry, seen) ?? []);
}

interface Seen {
  /** Keys of the calls. */
  readonly asked: Set<string>;
  readonly denied: Set<string>;
  /** The user has answered "always" for the probe that may be granted. */
  granted: boolean;
}

function brokenRule(entry: JournalEntry, seen: Seen): string | undefined {
  if (!('tool' in entry) || !PROBES.has(entry.tool)) return undefined;
  if (entry.type === 'approval.requested') return afterRequest(entry, seen);
  if (entry.type === 'approval.decided') return afterDecision(entry, seen);
  if (entry.type === 'tool.requested') return beforeRun(entry, seen);
  return undefined;
}

const PROBES = new Set([NEEDS_APPROVAL_PROBE, ALWAYS_APPROVAL_PROBE]);

type Entry<T extends JournalEntry['type']> = Extract<JournalEntry, { type: T }>;

function afterRequest(entry: Entry<'approval.requested'>, seen: Seen): string | undefined {
  seen.asked.add(callKey(entry));
  if (entry.tool === NEEDS_APPROVAL_PROBE && seen.granted) {
    return `${entry.tool} was asked for again (${entry.callId}) after the user had said "always"`;
  }
  return undefined;
}

function afterDecision(entry: Entry<'approval.decided'>, seen: Seen): undefined {
  if (entry.decision === 'deny') seen.denied.add(callKey(entry));
  if (entry.decision === 'always' && entry.tool === NEEDS_APPROVAL_PROBE) seen.granted = true;
}

function beforeRun(entry: Entry<'tool.requested'>, seen: Seen): string | undefined {
  const call = `${entry.tool} (${entry.callId})`;
  if (seen.denied.has(callKey(entry))) return `${call} ran although the user had denied it`;
  const mayRunUnasked = entry.tool === NEEDS_APPROVAL_PROBE && seen.granted;
  if (seen.asked.has(callKey(entry)) || mayRunUnasked) return undefined;
  return `${call} ran without being asked for`;
}
