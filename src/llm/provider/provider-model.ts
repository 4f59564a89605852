import type { LanguageModelV4 } from '@ai-sdk/provider';
import type { Clock } from '../../core/clock.ts';
import type { ModelFailure } from '../../core/journal.ts';
import { err, ok, type Result } from '../../core/result.ts';
import type { ReadKey } from '../create-model.ts';
import type { ModelAnswer, ModelRequest } from '../model.ts';
import type { ProviderSettings } from '../settings.ts';
import { readAnswer } from './answer.ts';
import { connect } from './connect.ts';
import { NoStream, toModelFailure } from './failure.ts';
import { idleFetch } from './idle-fetch.ts';
import { callKey, keyFetch, withKey } from './key-fetch.ts';
import { toCallOptions } from './prompt.ts';

export interface ProviderOptions {
  readonly clock: Clock;
  readonly idleTimeoutMs: number;
  readonly readKey: ReadKey | undefined;
}

export type Complete = (request: ModelRequest) => Promise<Result<ModelAnswer, ModelFailure>>;

/** Loads the adapter once; every call after that goes over its kept-alive connections. */
export async function openProvider(settings: ProviderSettings, options: ProviderOptions): Promise<Complete> {
  const { idleTimeoutMs, clock, readKey } = options;
  const model = await connect(settings, keyFetch(idleFetch(idleTimeoutMs)));
  return async (request) => {
    const key = callKey(settings, readKey);
    try {
      return ok(await withKey(key, () => call(model, settings, request)));
    } catch (error) {
      const interrupted = request.signal.aborted;
      const context = { settings, sentKey: key.sent(), interrupted, idleTimeoutMs, now: clock.now() };
      return err(toModelFailure(error, context));
    }
  };
}

async function call(
  model: LanguageModelV4,
  settings: ProviderSettings,
  request: ModelRequest,
): Promise<ModelAnswer> {
  const { stream, response } = await model.doStream(toCallOptions(request, settings));
  const type = response?.headers?.['content-type'] ?? '';
  if (isNoStream(type)) {
    await stream.cancel();
    throw new NoStream(type);
  }
  const { messages, tools, onText } = request;
  const writesCalls = settings.protocol === 'openai-chat' && tools.length > 0;
  return readAnswer(stream, {
    messages,
    tools,
    ...(onText && { onText }),
    model: model.modelId,
    writesCalls,
  });
}

/** Some servers label their streams loosely, so only what cannot be one is turned down unread. */
function isNoStream(contentType: string): boolean {
  return /^(text\/html|application\/(json|xml|pdf)|image\/)/i.test(contentType);
}
