import type { CallOutcome, GuestLog } from '../../../sandbox/index.ts';
import type { AuditRecord } from '../../core/audit.ts';
import type { OutgoingRequest } from '../../network/index.ts';
import { print, type Settings, type Terminal } from '../context.ts';
import { bodyText, jsonText } from './request-text.ts';
import { glance, show } from './show.ts';
import type { ChannelAct } from './trial-channel.ts';

export interface Run {
  readonly tool: string;
  readonly outcome: CallOutcome;
  /** With secrets masked. */
  readonly requests: readonly OutgoingRequest[];
  readonly acts: readonly ChannelAct[];
  readonly notes: readonly string[];
  readonly warnings: readonly string[];
}

/** A call may log a thousand lines of four thousand characters; whoever wants them all asks for JSON. */
const LOG_LINES = 50;
const LOG_CHARACTERS = 500;

/** Tells how a call went: as one JSON document, or what was not told yet in words. */
export function reportRun(run: Run, { json }: Settings, { stdout, stderr }: Terminal): void {
  if (json) {
    print(stdout, jsonText(runValue(run), 2));
    return;
  }
  const { outcome, warnings } = run;
  for (const line of [...logLines(outcome.logs), ...refusedLines(outcome.audit), endText(outcome)])
    show(stdout, line);
  show(stderr, costText(outcome));
  for (const warning of warnings) show(stderr, `warning: ${warning}`);
}

function runValue({ tool, outcome, requests, acts, notes, warnings }: Run) {
  const { end, content, logs, audit, fuelUsed, memoryBytes } = outcome;
  return {
    tool,
    outcome: end.kind,
    content,
    ...refusalOf(outcome),
    requests: requests.map((request) => ({ ...request, body: bodyText(request) ?? null })),
    acts,
    logs,
    notes,
    warnings,
    audit,
    fuelUsed,
    memoryBytes,
  };
}

function logLines(logs: readonly GuestLog[]): readonly string[] {
  const lines = logs
    .slice(0, LOG_LINES)
    .map(({ level, message }) => `log ${level}: ${glance(message, LOG_CHARACTERS)}`);
  const left = logs.length - lines.length;
  return left > 0 ? [...lines, `… ${left} more log lines; --json has them all`] : lines;
}

/** What the tool was refused on the way: it may well keep that to itself. The last record is the call's own end. */
const refusedLines = (audit: readonly AuditRecord[]): readonly string[] =>
  audit
    .slice(0, -1)
    .flatMap(({ kind, rule, message }) => (rule === undefined ? [] : [`${kind} (${rule}): ${message}`]));

function endText(outcome: CallOutcome): string {
  const refusal = refusalOf(outcome);
  const { end, content } = outcome;
  if (refusal) return `${end.kind} (${refusal.rule}): ${refusal.message}`;
  return content === '' ? `${end.kind} nothing` : `${end.kind}:\n${content}`;
}

function refusalOf({ end }: CallOutcome) {
  if (end.kind === 'refused') return end.refusal;
  return end.kind === 'failed' ? end.failure : undefined;
}

const costText = ({ fuelUsed, memoryBytes }: CallOutcome): string =>
  `fuel ${fuelUsed.toLocaleString('en-GB')} · memory ${(memoryBytes / 2 ** 20).toFixed(1)} MiB`;
