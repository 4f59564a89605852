import type { CandidateFailure } from '../../machines/model-call.ts';
import type { ModelFailure } from '../../src/core/journal.ts';
import type { Model } from '../../src/llm/index.ts';

/** What the user is told of failures, in words. */

/** The failure of a call that nobody answered. Where several models were asked, it names them all. */
export function toldFailure(models: readonly Model[], failures: readonly CandidateFailure[]): ModelFailure {
  const last = failures.at(-1);
  if (!last) throw new Error('a call failed without a failure');
  if (failures.length === 1 || endsByItself(last.failure)) return last.failure;
  const waits = failures.flatMap(({ failure: { retryAfterMs } }) => retryAfterMs ?? []);
  const each = failures.map(({ at, failure }) => `- ${nameOf(models, at)}: ${failure.message}`);
  return {
    kind: last.failure.kind,
    message: ['None of the language models could answer.', ...each].join('\n'),
    ...(waits.length > 0 && { retryAfterMs: Math.min(...waits) }),
  };
}

/** Says which model answered, and why it was not the one that was asked first. */
export function substituteNotices(
  models: readonly Model[],
  at: number,
  failures: readonly CandidateFailure[],
): readonly string[] {
  const others = failures.filter((one) => one.at !== at);
  if (others.length === 0) return [];
  const why = others.map((one) => `${nameOf(models, one.at)}: ${one.failure.message}`).join(' ');
  return [`${nameOf(models, at)} answered instead. ${why}`];
}

/** Of a model whose breaker is open. */
export function restingFailure(name: string, restMs: number, lastFailure: string | null): ModelFailure {
  return {
    kind: 'unavailable',
    message: [
      `${name} failed again and again and is left alone for up to ${seconds(restMs)}.`,
      lastFailure && `The last time: ${lastFailure}`,
    ]
      .filter(Boolean)
      .join(' '),
  };
}

export const waitText = (name: string, kind: ModelFailure['kind'], waitMs: number): string =>
  `${name} ${TROUBLES[kind] ?? 'failed'}; asking again in ${seconds(waitMs)}`;

const TROUBLES: Partial<Record<ModelFailure['kind'], string>> = {
  'rate-limited': 'is busy',
  unreachable: 'cannot be reached',
  'broken-stream': 'broke off',
  timeout: 'did not answer',
  unavailable: 'is in trouble',
  empty: 'said nothing',
};

export const nameOf = (models: readonly Model[], at: number): string => models[at]?.name ?? 'the model';

const seconds = (ms: number): string => `${Math.max(1, Math.round(ms / 1000))} s`;

/** No model could have done better. */
const endsByItself = ({ kind }: ModelFailure): boolean =>
  kind === 'budget' || kind === 'context-too-long' || kind === 'interrupted';
