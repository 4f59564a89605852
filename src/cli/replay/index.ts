import { EXIT_CODES } from '../../core/errors.ts';
import { findTraceFiles } from './files.ts';
import { type PlayOptions, playFile } from './player.ts';
import { type FileReport, renderFile, renderTotals, summarize } from './report.ts';
import { openStage } from './stage.ts';

export type { FileReport, Summary } from './report.ts';

export interface ReplayOptions {
  /** One JSON object (a `Summary`) instead of lines for people. */
  readonly json: boolean;
  /** With warnings: what differs from the recording without failing anything. */
  readonly verbose: boolean;
  /** Takes the output line by line; standard output unless given. */
  readonly print?: (line: string) => void;
}

const TURN_LIMIT_MS = 120_000;

/**
 * Plays recorded traces against the real assistant, each in a home of its own that is deleted afterwards, and
 * checks what they expect. Only the model's answers (and the network's) come from the file. Folders stand for
 * all `*.json` beneath them. A file that is no trace is a failed one; the others are played all the same.
 *
 * @returns the exit code: 0 if all passed, 10 if some failed.
 * @throws IronbarkError `usage` (exit code 2) where a path does not exist or holds no trace.
 */
export async function runReplay(paths: readonly string[], options: ReplayOptions): Promise<number> {
  const print = options.print ?? ((line: string) => process.stdout.write(`${line}\n`));
  const files = await findTraceFiles(paths);
  const started = performance.now();
  const reports: FileReport[] = [];
  for (const file of files) {
    const report = await playFile(file, PLAY);
    if (!options.json) print(renderFile(report, options.verbose));
    reports.push(report);
  }
  const summary = summarize(reports, Math.round(performance.now() - started));
  print(options.json ? JSON.stringify(summary, undefined, 2) : renderTotals(summary));
  return summary.failed === 0 ? 0 : EXIT_CODES['check-failed'];
}

const PLAY: PlayOptions = { openStage, turnLimitMs: TURN_LIMIT_MS, now: () => performance.now() };
