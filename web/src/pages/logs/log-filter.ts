import type { LogLevel, LogLine } from '../../../../src/core/api/logs.ts';

/** Least grave first. */
export const LEVELS: readonly LogLevel[] = ['trace', 'debug', 'info', 'warn', 'error', 'fatal'];

export interface LogFilter {
  /** The least that is shown. */
  readonly level: LogLevel;
  /** What the part of the program begins with. */
  readonly target: string;
  /** Found anywhere in the line and its fields, in any letter case. */
  readonly text: string;
}

export function filtered(lines: readonly LogLine[], { level, target, text }: LogFilter): readonly LogLine[] {
  const least = LEVELS.indexOf(level);
  const wanted = text.trim().toLowerCase();
  return lines.filter(
    (line) =>
      LEVELS.indexOf(line.level) >= least &&
      line.target.startsWith(target) &&
      (wanted === '' || said(line).includes(wanted)),
  );
}

/** The parts of the program that have said something, by name. */
export function targetsOf(lines: readonly LogLine[]): readonly string[] {
  return [...new Set(lines.map(({ target }) => target))].filter((target) => target !== '').sort();
}

/** One JSON object a line, as the log itself is written. */
export function asText(lines: readonly LogLine[]): string {
  return lines.map((line) => `${JSON.stringify(line)}\n`).join('');
}

const said = ({ message, target, fields, thread_id, turn_id }: LogLine): string =>
  `${target} ${message} ${JSON.stringify(fields)} ${thread_id ?? ''} ${turn_id ?? ''}`.toLowerCase();
