import { setTimeout as wait } from 'node:timers/promises';
import { EXIT_CODES, IronbarkError } from '../../core/errors.ts';
import { type Context, print, printResult, type Settings } from '../context.ts';
import { withRunning } from '../reach.ts';
import { stopRequested } from '../stop-request.ts';
import type { FaultClient } from './attached.ts';
import type { Plan } from './campaign.ts';
import type { Time } from './fault.ts';
import { type ChaosFlags, commandOf, planOf } from './plan.ts';
import { type ChaosReport, reportOn } from './report.ts';
import { type Checks, chaosText, journalChecks, loadChecks } from './report-text.ts';

export type { ChaosFlags } from './plan.ts';

/** A report with what was checked, for people. */
interface Told {
  readonly report: ChaosReport;
  readonly checks: Checks;
}

interface Run {
  readonly plan: Plan;
  readonly time: Time;
  readonly signal: AbortSignal;
}

/**
 * Hurts an assistant on purpose and says what became of it. A signal to stop makes no more faults and reports on those
 * made.
 *
 * @returns the exit code: 0 if everything came back and nothing was lost or doubled, 10 if not.
 * @throws IronbarkError `usage`, `unreachable` where none runs, `config` where it takes no faults.
 */
export async function runChaos(flags: ChaosFlags, settings: Settings, context: Context): Promise<number> {
  const plan = planOf(flags);
  const stop = new AbortController();
  void stopRequested(context).then(() => stop.abort());
  const time: Time = { now: () => performance.now(), wait: (milliseconds) => wait(milliseconds) };
  const run: Run = { plan, time, signal: stop.signal };
  if (!settings.json) print(context.terminal.stdout, announcement(plan, flags.scripted === true));
  const { report, checks } = flags.scripted ? await scripted(run) : await attached(run, settings, context);
  printResult(context, settings, report, () => chaosText(report, checks));
  return report.held ? 0 : EXIT_CODES['check-failed'];
}

async function scripted({ plan, time, signal }: Run): Promise<Told> {
  const { runScripted } = await import('./scripted/run.ts');
  const course = await runScripted(plan, time, signal);
  const { problems: _, ...load } = course.load;
  return { report: reportOn(course, load, plan, commandOf(plan, true)), checks: loadChecks(load) };
}

async function attached({ plan, time, signal }: Run, settings: Settings, context: Context): Promise<Told> {
  const { runAttached } = await import('./attached.ts');
  const course = await withRunning(settings, context, (client) => {
    if (canHurt(client)) return runAttached(plan, client, time, signal);
    throw new IronbarkError('internal', 'This connection cannot carry faults.');
  });
  const { journals } = course;
  return {
    report: reportOn(course, journals, plan, commandOf(plan, false)),
    checks: journalChecks(journals),
  };
}

/** The gateway's client can do more than what the terminal asks of it. */
function canHurt<Client extends object>(client: Client): client is Client & FaultClient {
  return ['crash', 'hang', 'delay'].every((fault) => fault in client);
}

function announcement({ faults, rate, seed, kinds }: Plan, own: boolean): string {
  const whom = own ? 'an assistant started for it' : 'the running assistant';
  return `${faults} faults (${kinds.join(', ')}) at ${rate} a second into ${whom}, seed ${seed} …`;
}
