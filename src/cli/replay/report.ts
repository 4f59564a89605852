/** What came of playing one trace. */
export interface FileReport {
  readonly file: string;
  readonly passed: boolean;
  readonly turns: number;
  readonly toolCalls: number;
  readonly ms: number;
  /** What did not hold, a sentence each. Empty where the file passed. */
  readonly failures: readonly string[];
  /** What is worth knowing but fails nothing, a sentence each. */
  readonly warnings: readonly string[];
}

/** All of a run, as `--json` prints it. */
export interface Summary {
  readonly passed: number;
  readonly failed: number;
  readonly turns: number;
  readonly toolCalls: number;
  readonly ms: number;
  readonly files: readonly FileReport[];
}

/** @param ms wall time of the whole run, which is not the sum of its files' where they ran side by side. */
export function summarize(files: readonly FileReport[], ms: number): Summary {
  const passed = files.filter((file) => file.passed).length;
  return {
    passed,
    failed: files.length - passed,
    turns: sum(files.map((file) => file.turns)),
    toolCalls: sum(files.map((file) => file.toolCalls)),
    ms,
    files,
  };
}

/** One line for the file, and beneath it what failed and, where asked for, what to know. */
export function renderFile(report: FileReport, verbose: boolean): string {
  const counts = `${counted(report.turns, 'turn')}, ${counted(report.toolCalls, 'tool call')}, ${report.ms} ms`;
  const lines = [`${report.passed ? 'PASS' : 'FAIL'}  ${report.file}  (${counts})`];
  lines.push(...report.failures.map((failure) => `      ${failure}`));
  if (verbose) lines.push(...report.warnings.map((warning) => `      warning: ${warning}`));
  return lines.map(printable).join('\n');
}

export function renderTotals(summary: Summary): string {
  const { passed, failed, turns, toolCalls, ms } = summary;
  const seconds = (ms / 1000).toFixed(1);
  return `${passed} passed, ${failed} failed: ${counted(turns, 'turn')}, ${counted(toolCalls, 'tool call')}, ${seconds} s`;
}

const counted = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`;

const sum = (numbers: readonly number[]): number => numbers.reduce((total, each) => total + each, 0);

/** Traces quote whatever a model or a web page said, so nothing of them may steer the terminal. */
const printable = (line: string): string => line.replaceAll(/\p{Cc}/gu, '\u{fffd}');
