import type { Logger } from 'pino';
import type { Config } from '../config/index.ts';
import { type BlockedReport, type KillOptions, startWatchdog, type Watchdog } from '../runtime/index.ts';
import type { StartRequest } from './context.ts';
import { isStartedAgain, type ProcessFacts, replacementOf } from './replacement.ts';

export interface LoopWatchOptions {
  readonly settings: Config['watchdog'];
  readonly wanted: StartRequest['watch'];
  readonly process: ProcessFacts;
  readonly log: Logger;
  /** Also gets the last words. */
  readonly logFile: string;
}

/** What is known once the assistant is up. */
export interface Up {
  /** Where it listens, and where its replacement shall. */
  readonly url: string;
  /** Takes the function that is to be told which actor is at work. */
  readonly onRunning: (listener: Watchdog['running']) => void;
}

/** Later than the first requests: starting a thread takes some of the second that a person waits for the start. */
const BEGIN_AFTER_MS = 1_000;

/** Watches the event loop of this process, or does not, as the configuration says. */
export class LoopWatch {
  readonly #options: LoopWatchOptions;
  #watchdog: Watchdog | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: LoopWatchOptions) {
    this.#options = options;
  }

  /** Begins at once, where what blocked the last process may block this one before it is up. */
  begin(up?: Up): void {
    const { settings, wanted } = this.#options;
    if (!settings.enabled || !wanted) return;
    this.#watchdog ??= startWatchdog(this.#listeners());
    const kill = killOptions(this.#options, up?.url);
    if (kill) this.#watchdog.arm(kill);
    up?.onRunning(this.#watchdog.running);
  }

  /** The assistant is up; its loop is watched from soon on. */
  ready(up: Up): void {
    if (this.#watchdog) this.begin(up);
    else this.#timer = setTimeout(() => this.begin(up), BEGIN_AFTER_MS).unref();
  }

  async end(): Promise<void> {
    clearTimeout(this.#timer);
    await this.#watchdog?.stop();
  }

  #listeners() {
    const { settings, log } = this.#options;
    return {
      reportAfterMs: settings.report_after_ms,
      onBlocked: (report: BlockedReport) => log.warn(report, describe(report)),
      onError: (error: Error) =>
        log.error({ err: error }, 'the watchdog has failed: a blocked event loop will not be noticed'),
    };
  }
}

function describe({ blockedMs, actor }: BlockedReport): string {
  return `everything stood still for ${blockedMs} ms, for ${actor ?? 'code outside of any actor'}`;
}

/** Undefined where the process is not to be ended, or nobody would start it again. */
export function killOptions(options: LoopWatchOptions, url?: string): KillOptions | undefined {
  const { settings, wanted, process, log, logFile } = options;
  if (wanted !== 'restart' || settings.restart_after_seconds === 0) return undefined;
  const supervised = isStartedAgain(process);
  const replacement = supervised ? undefined : replacementOf(process, url);
  if (!supervised && !replacement) return undefined;
  const by = supervised ? 'for its service manager to start it again' : 'and is started again';
  return {
    afterMs: settings.restart_after_seconds * 1_000,
    lastWords: `The process ends itself ${by}; it goes on from its journal.`,
    logFile: log.isLevelEnabled('fatal') ? logFile : undefined,
    replacement,
  };
}
