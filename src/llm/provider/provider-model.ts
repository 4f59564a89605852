import type { LanguageModelV4 } from '@ai-sdk/provider';
import type { Clock } from '../../core/clock.ts';
import type { ModelFailure } from '../../core/journal.ts';
import { err, ok, type Result } from '../../core/result.ts';
import type { ModelAnswer, ModelRequest } from '../model.ts';
import type { ProviderSettings } from '../settings.ts';
import { readAnswer } from './answer.ts';
import { connect } from './connect.ts';
import { toModelFailure } from './failure.ts';
import { idleFetch } from './idle-fetch.ts';
import { toCallOptions } from './prompt.ts';

export interface ProviderOptions {
  readonly clock: Clock;
  readonly idleTimeoutMs: number;
}

export type Complete = (request: ModelRequest) => Promise<Result<ModelAnswer, ModelFailure>>;

/** Loads the adapter once; every call after that goes over its kept-alive connections. */
export async function openProvider(settings: ProviderSettings, options: ProviderOptions): Promise<Complete> {
  const model = await connect(settings, idleFetch(options.idleTimeoutMs));
  return async (request) => {
    try {
      return ok(await call(model, request));
    } catch (error) {
      const { idleTimeoutMs, clock } = options;
      const interrupted = request.signal.aborted;
      return err(toModelFailure(error, { settings, interrupted, idleTimeoutMs, now: clock.now() }));
    }
  };
}

async function call(model: LanguageModelV4, request: ModelRequest): Promise<ModelAnswer> {
  const { stream, response } = await model.doStream(toCallOptions(request));
  const type = response?.headers?.['content-type'] ?? '';
  if (isNoStream(type)) {
    await stream.cancel();
    throw new Error(`${type} instead of an event stream`);
  }
  return readAnswer(stream, request, model.modelId);
}

/** Some servers label their streams loosely, so only what cannot be one is turned down unread. */
function isNoStream(contentType: string): boolean {
  return /^(text\/html|application\/(json|xml|pdf)|image\/)/i.test(contentType);
}
