import type { ModelFailure } from '../../core/journal.ts';
import type { ProviderSettings } from '../settings.ts';
import { EmptyAnswer, StreamCut } from './answer.ts';
import { IdleTimeout } from './idle-fetch.ts';
import { retryAfterMs } from './retry-after.ts';
import { scrub, scrubUrl } from './scrub.ts';
import { describeTrouble, networkCode, type Trouble } from './trouble.ts';

export interface FailureContext {
  readonly settings: ProviderSettings;
  readonly interrupted: boolean;
  readonly idleTimeoutMs: number;
  /** Milliseconds since the epoch, for waits that are given as a date. */
  readonly now: number;
}

const LABELS: Readonly<Record<ProviderSettings['provider'], string>> = {
  openai: 'OpenAI',
  anthropic: 'Anthropic',
  ollama: 'Ollama',
  'openai-compatible': 'The model server',
};

/** Longest part of a server's own words that is passed on. */
const MAX_WORDS = 300;

/** Whatever went wrong in a call of a model, as something a person can act on. No key is left in it. */
export function toModelFailure(thrown: unknown, context: FailureContext): ModelFailure {
  const failure = classify(describeTrouble(thrown), context);
  return { ...failure, message: scrub(failure.message, context.settings.apiKey) };
}

function classify(trouble: Trouble, context: FailureContext): ModelFailure {
  if (context.interrupted) return { kind: 'interrupted', message: 'The call of the model was interrupted.' };
  return (
    fromStream(trouble, context) ??
    fromStatus(trouble, context) ??
    fromNetwork(trouble, context) ??
    unexpected(trouble, context)
  );
}

function fromStream(
  { causes }: Trouble,
  { settings, idleTimeoutMs }: FailureContext,
): ModelFailure | undefined {
  const label = LABELS[settings.provider];
  if (causes.some((cause) => cause instanceof IdleTimeout)) {
    return {
      kind: 'timeout',
      message: `${label} sent nothing for ${idleTimeoutMs / 1000} s. Try again, or choose a faster model.`,
    };
  }
  const [first] = causes;
  if (first instanceof EmptyAnswer) return emptyAnswer(first, settings);
  if (!(first instanceof StreamCut)) return undefined;
  if (first.begun) return brokenStream(label);
  return {
    kind: 'bad-response',
    message: `${label} answered with something that is no answer of a model. ${checkAddress(settings)}`,
  };
}

function brokenStream(label: string): ModelFailure {
  return { kind: 'broken-stream', message: `${label} broke off in the middle of its answer. Try again.` };
}

function emptyAnswer({ reason }: EmptyAnswer, { provider, model }: ProviderSettings): ModelFailure {
  const label = LABELS[provider];
  if (reason === 'content-filter') {
    return {
      kind: 'bad-response',
      message: `${label} withheld the answer because of its content rules. Say it differently.`,
    };
  }
  if (reason === 'length') {
    return {
      kind: 'bad-response',
      message: `${model} used up its output before it came to an answer. Ask for less at once, or choose another model.`,
    };
  }
  return {
    kind: 'bad-response',
    message: `${model} answered with nothing at all. Try again, or choose another model.`,
  };
}

function fromStatus(trouble: Trouble, context: FailureContext): ModelFailure | undefined {
  const { status } = trouble;
  if (isTooLong(trouble)) return tooLong(context);
  if (isOutOfCredit(trouble)) return outOfCredit(context);
  if (status === undefined) return undefined;
  if (status < 300) return networkCode(trouble) ? brokenStream(LABELS[context.settings.provider]) : undefined;
  if (status < 400) return redirected(trouble, context);
  if (status === 401 || status === 403) return unauthorized(status, trouble, context);
  if (status === 404) return notFound(trouble, context);
  if (status === 429) return rateLimited(trouble, context);
  if (status === 408 || status === 409 || status >= 500) return unavailable(status, trouble, context);
  return refused(status, trouble, context);
}

/** Providers have no common code for this; these are the phrases they use. */
const TOO_LONG =
  /context (length|window|size)|prompt is too long|maximum context|exceeds? the (model's )?context/i;

function isTooLong({ status, code, message, reported }: Trouble): boolean {
  if (status === 413 || code.includes('context_length_exceeded')) return true;
  const refused = status === undefined ? reported : status >= 400 && status < 500 && status !== 429;
  return refused && TOO_LONG.test(message);
}

function tooLong({ settings: { model, sources } }: FailureContext): ModelFailure {
  return {
    kind: 'context-too-long',
    message: `The conversation is longer than ${model} can read. Start a new conversation, or set a model with a larger context in ${sources.model}.`,
  };
}

function isOutOfCredit({ status, code, message }: Trouble): boolean {
  return status === 402 || code.includes('insufficient_quota') || /credit balance is too low/i.test(message);
}

function outOfCredit({ settings: { provider, sources } }: FailureContext): ModelFailure {
  return {
    kind: 'unauthorized',
    message: `${LABELS[provider]} says that the account behind ${sources.apiKey} has no credit left. Add credit there, or use another key.`,
  };
}

function redirected({ headers }: Trouble, { settings }: FailureContext): ModelFailure {
  const target = headers.location ? ` It points to ${scrubUrl(headers.location)}.` : '';
  return {
    kind: 'bad-response',
    message: `${scrubUrl(settings.baseUrl)} answered with a redirect.${target} ${checkAddress(settings)}`,
  };
}

function unauthorized(status: number, trouble: Trouble, { settings }: FailureContext): ModelFailure {
  const { provider, sources, apiKey, model } = settings;
  const label = LABELS[provider];
  if (apiKey === undefined) {
    return { kind: 'unauthorized', message: `${label} wants a key. Set ${sources.apiKey}.` };
  }
  if (status === 401) {
    return {
      kind: 'unauthorized',
      message: `${label} does not accept the key in ${sources.apiKey}. Check that it is complete and still valid.`,
    };
  }
  return {
    kind: 'unauthorized',
    message: `${label} does not allow the key in ${sources.apiKey} to use ${model}${quote(trouble)}. Check the key's permissions, or set another model in ${sources.model}.`,
  };
}

function notFound(trouble: Trouble, { settings }: FailureContext): ModelFailure {
  const { provider, model, sources } = settings;
  const pull = provider === 'ollama' ? ` Fetch it with "ollama pull ${model}", or` : ' Check the address, or';
  return {
    kind: 'unavailable',
    message: `${LABELS[provider]} has no model "${model}" at ${scrubUrl(settings.baseUrl)}${quote(trouble)}.${pull} set the name of another model in ${sources.model}.`,
  };
}

function rateLimited({ headers }: Trouble, { settings, now }: FailureContext): ModelFailure {
  const wait = retryAfterMs(headers, now);
  const when =
    wait === undefined ? 'Wait a moment and try again.' : `Try again in ${Math.ceil(wait / 1000)} s.`;
  const message = `${LABELS[settings.provider]} limits how often it may be called, and the limit is reached. ${when}`;
  return { kind: 'rate-limited', message, ...(wait === undefined ? {} : { retryAfterMs: wait }) };
}

function unavailable(status: number, trouble: Trouble, { settings, now }: FailureContext): ModelFailure {
  const wait = retryAfterMs(trouble.headers, now);
  const message = `${LABELS[settings.provider]} has trouble of its own (HTTP ${status})${quote(trouble)}. Try again later.`;
  return { kind: 'unavailable', message, ...(wait === undefined ? {} : { retryAfterMs: wait }) };
}

function refused(status: number, trouble: Trouble, { settings }: FailureContext): ModelFailure {
  const message = `${LABELS[settings.provider]} refused the request (HTTP ${status})${quote(trouble)}. Check that ${settings.model} supports tools, or set another model in ${settings.sources.model}.`;
  return { kind: 'bad-response', message };
}

const NETWORK_WORDS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing is listening there',
  ENOTFOUND: 'there is no host of that name',
  EAI_AGAIN: 'the name could not be looked up; is there a network?',
  ECONNRESET: 'the connection was cut',
  UND_ERR_SOCKET: 'the connection was cut',
  ETIMEDOUT: 'the host does not answer',
  UND_ERR_CONNECT_TIMEOUT: 'the host does not answer',
  EHOSTUNREACH: 'there is no way to that host',
  ENETUNREACH: 'there is no network',
};

function fromNetwork(trouble: Trouble, { settings }: FailureContext): ModelFailure | undefined {
  const code = networkCode(trouble);
  if (code === undefined) return undefined;
  const words = NETWORK_WORDS[code] ?? `${trouble.message} (${code})`;
  const message = `No connection to ${LABELS[settings.provider].replace('The', 'the')} at ${scrubUrl(settings.baseUrl)}: ${words}. ${checkAddress(settings)}`;
  return { kind: 'unreachable', message };
}

function unexpected(trouble: Trouble, { settings }: FailureContext): ModelFailure {
  if (trouble.reported) {
    const message = `${LABELS[settings.provider]} reported an error${quote(trouble)}. Try again later.`;
    return { kind: 'unavailable', message };
  }
  const message = `${LABELS[settings.provider]} answered with something unexpected${quote(trouble)}. ${checkAddress(settings)}`;
  return { kind: 'bad-response', message };
}

function checkAddress({ sources }: ProviderSettings): string {
  return `Check that the server is up and that the address in ${sources.baseUrl} is right; most end in /v1.`;
}

function quote({ message }: Trouble): string {
  // An adapter's own account of what its schema expected follows these words.
  const [said = ''] = message.split(/\s*Error message:/);
  const words = said.replaceAll(/\s+/g, ' ').trim();
  return `: "${words.length > MAX_WORDS ? `${words.slice(0, MAX_WORDS)}…` : words}"`;
}
