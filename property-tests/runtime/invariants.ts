import type { TreeNode } from '../../src/core/tree.ts';
import type { CrashReport } from '../../src/runtime/index.ts';
import { PERIOD_S } from './plan.ts';
import type { RealTree, TimedReport } from './real-tree.ts';

/**
 * What holds whatever a model says: it is read off what workers, reports and tree tell, without the model's rules.
 *
 * @param mostRestarts the highest intensity any supervisor of the tree has had
 * @returns what does not hold, in words
 */
export function violations(real: RealTree, mostRestarts: number): readonly string[] {
  const { recorder, reports } = real;
  const crashReports = reports.filter(({ report }) => report.type === 'crash_report' && isOfWorker(report));
  const tree = real.tree();
  const standing = tree ? runningWorkers(tree) : 0;
  return [
    ...recorder.lives.filter((line) => line.startsWith('a second')),
    ...unless(recorder.unheard.size === 0, 'whoever monitors hears of every end'),
    ...unless(
      crashReports.length === recorder.crashes,
      'each crash of a worker has exactly one crash report',
    ),
    ...unless(
      standing === recorder.liveCount,
      'whoever lives stands in the tree, below supervisors that live',
    ),
    ...unless(
      restartsInAWindow(reports, recorder.healthyAfter) <= mostRestarts,
      'no window has more restarts than the intensity',
    ),
  ];
}

function unless(holds: boolean, sentence: string): readonly string[] {
  return holds ? [] : [sentence];
}

/** One that found its name taken never began. */
function isOfWorker({ initialCall, error }: CrashReport): boolean {
  return initialCall !== 'supervisor' && !error.message.includes('is taken by another actor');
}

function runningWorkers({ kind, state, children }: TreeNode): number {
  const below = children.map(runningWorkers).reduce((sum, count) => sum + count, 0);
  return below + (kind === 'worker' && state === 'running' ? 1 : 0);
}

/** The most restarts that one incarnation of a supervisor did within a period, because a child had ended by itself. */
function restartsInAWindow(reports: readonly TimedReport[], healthyAfter: number): number {
  const restarts = new Map<string, number[]>();
  let most = 0;
  for (const { at, report } of reports) {
    // Another incarnation begins with nothing counted; one that gives up did not do the last.
    if (report.type === 'progress_report') restarts.delete(report.started.path);
    if (report.type !== 'supervisor_report') continue;
    if (report.errorContext === 'shutdown') restarts.delete(report.supervisor);
    if (report.errorContext !== 'child_terminated' || report.offender.restartType === 'temporary') continue;
    const former = restarts.get(report.supervisor) ?? [];
    const isHealthy = at - (former.at(-1) ?? at) >= healthyAfter * 1000;
    const recent = isHealthy ? [] : former.filter((then) => then >= at - PERIOD_S * 1000);
    most = Math.max(most, recent.length);
    restarts.set(report.supervisor, [...recent, at]);
  }
  return most;
}
