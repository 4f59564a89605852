import { table } from '../../repl/index.ts';
import type { JournalCheck } from './attached.ts';
import type { ChaosReport } from './report.ts';
import type { LoadReport } from './scripted/verdict.ts';

const MOST_VICTIMS = 20;
const MOST_PROBLEMS = 20;

/** What was looked at for loss and doubling, for people. */
export interface Checks {
  readonly lines: readonly string[];
  /** What may be said where all of it held. */
  readonly verdict: string;
}

export function chaosText(report: ChaosReport, checks: Checks): string {
  const { faults, elapsedMs, seed, held } = report;
  return [
    `${faults} faults in ${(elapsedMs / 1000).toFixed(1)} s (seed ${seed})`,
    ...(faults === 0 ? [] : ['', recoveryTable(report), '', victimTable(report)]),
    '',
    ...checks.lines,
    '',
    ...(held ? [checks.verdict] : wrong(report)),
  ].join('\n');
}

function recoveryTable({ recovery }: ChaosReport): string {
  const milliseconds = (time: number | null) => (time === null ? '-' : String(time));
  return table([
    ['back at work after', 'faults', 'p50 ms', 'p95 ms', 'max ms'],
    ...Object.entries(recovery).map(([kind, times]) => [
      kind,
      String(times.faults),
      milliseconds(times.p50Ms),
      milliseconds(times.p95Ms),
      milliseconds(times.maxMs),
    ]),
  ]);
}

function victimTable({ victims }: ChaosReport): string {
  const rows = victims.slice(0, MOST_VICTIMS).map(({ path, faults }) => [path, String(faults)]);
  const more = victims.length - rows.length;
  return table([['actor', 'faults'], ...rows, ...(more > 0 ? [[`… and ${more} more`, '']] : [])]);
}

function wrong({ problems, replay }: ChaosReport): readonly string[] {
  const shown = problems.slice(0, MOST_PROBLEMS).map((problem) => `  ${problem}`);
  const more = problems.length - shown.length;
  return [
    'It did not hold:',
    ...shown,
    ...(more > 0 ? [`  … and ${more} more`] : []),
    '',
    `The same again: ${replay}`,
  ];
}

export function loadChecks(load: Omit<LoadReport, 'problems'>): Checks {
  const { messages, conversations, answered, givenUp, toolRuns, repeatedRuns, questions, journalEntries } =
    load;
  const failed = givenUp === 0 ? '' : ` (${givenUp} by saying that it was given up)`;
  return {
    lines: [
      `${messages} messages in ${conversations} conversations, ${answered} answered${failed}`,
      `${toolRuns} runs of tools, ${repeatedRuns} of them repeated where that does no harm; ${questions} doubtful outcomes asked about`,
      `${journalEntries} journal entries read, then the database as it was left on disk`,
    ],
    verdict: 'Everything came back; nothing was lost or doubled.',
  };
}

export function journalChecks({ conversations, entries }: JournalCheck): Checks {
  if (conversations === 0) {
    const line = 'No conversation went on meanwhile, so no journal was checked.';
    return { lines: [line], verdict: 'Everything came back.' };
  }
  return {
    lines: [`${conversations} conversations went on meanwhile; their journals have ${entries} entries`],
    verdict: 'Everything came back; the journals have neither gaps nor doubles.',
  };
}
