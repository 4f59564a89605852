import type { ExitReason } from '../process/exit.ts';
import { formatTerm, type TermLayout } from './limit-term.ts';
import type { CrashReport, Offender, RuntimeReport } from './report.ts';

export interface ReportFormat {
  /** Levels of nested values that are shown; default all. */
  readonly depth?: number;
  /** Default false: a title and a line for each field. */
  readonly singleLine?: boolean;
  /** The text is never longer; default without limit. */
  readonly charsLimit?: number;
}

/** Name and value, or a list of such. */
type Field = readonly [string, string | readonly Field[]];

const ELLIPSIS = '...';

/**
 * A report as text, in OTP's words and with its field names (`supervisor:format_log/2`, `proc_lib:format_log/2`).
 * `pid` is the actor's path and incarnation.
 */
export function formatReport(report: RuntimeReport, format: ReportFormat = {}): string {
  const { depth = Number.POSITIVE_INFINITY, singleLine = false, charsLimit } = format;
  const layout = { depth, singleLine };
  const text = singleLine ? onOneLine(report, layout) : onLines(report, layout);
  return charsLimit === undefined ? text : cut(text, charsLimit);
}

function onLines(report: RuntimeReport, layout: TermLayout): string {
  return [titleOf(report), ...lines(fieldsOf(report, layout), '    ')].join('\n');
}

function lines(fields: readonly Field[], indent: string): readonly string[] {
  return fields.flatMap(([name, value]) => {
    if (typeof value === 'string') return `${indent}${name}: ${value.replaceAll('\n', `\n${indent}    `)}`;
    return [`${indent}${name}:`, ...lines(value, `${indent}    `)];
  });
}

function titleOf({ type }: RuntimeReport): string {
  const kind = type.replaceAll('_', ' ').toUpperCase();
  return kind.endsWith(' REPORT') ? kind : `${kind} REPORT`;
}

function fieldsOf(report: RuntimeReport, layout: TermLayout): readonly Field[] {
  switch (report.type) {
    case 'supervisor_report':
      return [
        ['supervisor', report.supervisor],
        ['errorContext', report.errorContext],
        ['reason', reasonText(report.reason, layout)],
        ['offender', offenderFields(report.offender)],
      ];
    case 'progress_report':
      return [
        ['supervisor', report.supervisor],
        ['started', offenderFields(report.started)],
      ];
    case 'crash_report':
      return [['crasher', crasherFields(report, layout)]];
    case 'dead_letter':
      return [
        ['receiver', report.receiver],
        ['reason', report.reason],
        ['event', formatTerm(report.event, layout)],
      ];
    case 'listener_error':
      return [['error', formatTerm(report.error, layout)]];
  }
}

function offenderFields(child: Offender): readonly Field[] {
  return [
    child.nbChildren === undefined ? ['pid', pidOf(child)] : ['nb_children', `${child.nbChildren}`],
    ['id', child.id],
    ['mfargs', child.logic],
    ['restart_type', child.restartType],
    ['significant', `${child.significant}`],
    ['shutdown', `${child.shutdown}`],
    ['child_type', child.childType],
  ];
}

function crasherFields(report: CrashReport, layout: TermLayout): readonly Field[] {
  return [
    ['initial call', report.initialCall],
    ['pid', `${report.actor}#${report.incarnation}`],
    ['registered_name', report.registeredName ?? '[]'],
    ['error', formatTerm(report.error, layout)],
    ['ancestors', list(report.ancestors)],
    ['message_queue_len', `${report.messageQueueLength}`],
    ['links', list(report.links)],
    ['state', report.state],
  ];
}

function onOneLine(report: RuntimeReport, layout: TermLayout): string {
  switch (report.type) {
    case 'supervisor_report': {
      const { supervisor, errorContext, offender } = report;
      const reason = reasonText(report.reason, layout);
      return `Supervisor: ${supervisor}. Context: ${errorContext}. Reason: ${reason}. Offender: ${brief(offender)}.`;
    }
    case 'progress_report':
      return `Supervisor: ${report.supervisor}. Started: ${brief(report.started)}.`;
    case 'crash_report':
      return `crasher: ${crasherFields(report, layout)
        .map(([name, value]) => `${name}: ${value}`)
        .join(', ')}`;
    case 'dead_letter':
      return `Dead letter for: ${report.receiver}. Reason: ${report.reason}. Event: ${formatTerm(report.event, layout)}.`;
    case 'listener_error':
      return `Listener error: ${formatTerm(report.error, layout)}.`;
  }
}

function brief(child: Offender): string {
  const { id, nbChildren } = child;
  return nbChildren === undefined ? `id=${id},pid=${pidOf(child)}` : `id=${id},nb_children=${nbChildren}`;
}

function pidOf({ path, incarnation }: Offender): string {
  return `${path}#${incarnation}`;
}

function list(items: readonly string[]): string {
  return `[${items.join(',')}]`;
}

function reasonText(reason: ExitReason, layout: TermLayout): string {
  if (reason.kind === 'error') return formatTerm(reason.error, layout);
  if (reason.kind === 'shutdown' && reason.cause) return `shutdown: ${formatTerm(reason.cause, layout)}`;
  return reason.kind;
}

/** Never in the middle of a character that takes two units. */
function cut(text: string, limit: number): string {
  if (text.length <= limit) return text;
  const dots = ELLIPSIS.slice(0, limit);
  return text.slice(0, limit - dots.length).replace(/[\uD800-\uDBFF]$/, '') + dots;
}
