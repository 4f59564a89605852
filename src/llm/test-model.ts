import { performance } from 'node:perf_hooks';
import type { ModelFailure } from '../core/journal.ts';
import { ok, type Result } from '../core/result.ts';
import { createModel, type ModelOptions } from './create-model.ts';
import type { ModelSettings } from './settings.ts';

export interface TestOptions extends ModelOptions {
  readonly signal: AbortSignal;
}

/** How long the model took, and the name that it gave itself. */
export interface ModelTest {
  readonly ms: number;
  readonly model: string;
}

/** Asks the model for one word: whether its address, key and name are right. Costs some twenty tokens. */
export async function testModel(
  settings: ModelSettings,
  { signal, ...options }: TestOptions,
): Promise<Result<ModelTest, ModelFailure>> {
  const begin = performance.now();
  const answer = await createModel(settings, options).complete({
    system: 'You are asked whether you can be reached.',
    messages: [{ role: 'user', text: 'Answer with the one word: ok' }],
    tools: [],
    signal,
    thinking: 'off',
  });
  if (!answer.ok) return answer;
  return ok({ ms: Math.round(performance.now() - begin), model: answer.value.model });
}
