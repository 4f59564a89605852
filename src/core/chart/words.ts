import type { Chart, ChartTransition } from '../inspect.ts';

/** A name of the program as words: `awaitingApproval` → `awaiting approval`, `calls.judged` → `calls judged`. */
export function inWords(name: string): string {
  return name
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replace(/[._-]+/g, ' ')
    .trim()
    .toLowerCase();
}

/** What stands at an arrow: what happens, and on which condition. Either may be empty. */
export interface ArrowWords {
  readonly event: string;
  readonly guard: string;
}

export function arrowWords(transition: ChartTransition, chart: Chart): ArrowWords {
  const { guard, label } = transition;
  return {
    event: inWords(label),
    guard: guard === null ? otherwise(transition, chart) : `if ${guardInWords(guard)}`,
  };
}

/** A plain arrow beside others that are tried before it. */
function otherwise(transition: ChartTransition, chart: Chart): string {
  const hasRivals = chart.transitions.some(
    (other) =>
      other !== transition &&
      other.guard !== null &&
      other.source === transition.source &&
      other.event === transition.event,
  );
  return hasRivals ? 'otherwise' : '';
}

const guardInWords = (guard: string): string =>
  inWords(guard).replace(/^(is|does) (?=\w)/, (_, verb: string) => (verb === 'is' ? 'it is ' : ''));
