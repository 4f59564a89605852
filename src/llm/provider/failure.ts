import type { ModelFailure } from '../../core/journal.ts';
import { PROVIDERS } from '../catalogue/providers.ts';
import type { ProviderSettings } from '../settings.ts';
import { EmptyAnswer, StreamCut } from './answer.ts';
import { IdleTimeout } from './idle-fetch.ts';
import { KeyTrouble } from './key-fetch.ts';
import { retryAfterMs, waitInWords } from './retry-after.ts';
import { scrub, scrubUrl } from './scrub.ts';
import { describeTrouble, networkCode, type Trouble } from './trouble.ts';

export interface FailureContext {
  readonly settings: ProviderSettings;
  /** The key that went out with the request. */
  readonly sentKey: string | undefined;
  readonly interrupted: boolean;
  readonly idleTimeoutMs: number;
  /** Milliseconds since the epoch, for waits that are given as a date. */
  readonly now: number;
}

/** What came is of a kind that no answer has: a page, most often. */
export class NoStream extends Error {
  override readonly name = 'NoStream';

  constructor(contentType: string, expected = 'an event stream') {
    super(`${contentType} instead of ${expected}`);
  }
}

const labelOf = ({ provider }: ProviderSettings): string => PROVIDERS[provider].label;

/** Longest part of a server's own words that is passed on. */
const MAX_WORDS = 300;

/** Whatever went wrong in a call of a model, as something a person can act on. No key is left in it. */
export function toModelFailure(thrown: unknown, context: FailureContext): ModelFailure {
  const failure = classify(describeTrouble(thrown), context);
  return { ...failure, message: scrub(failure.message, context.sentKey) };
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
  const label = labelOf(settings);
  if (causes.some((cause) => cause instanceof IdleTimeout)) {
    return {
      kind: 'timeout',
      message: `${label} sent nothing for ${idleTimeoutMs / 1000} s. Try again, or choose a faster model.`,
    };
  }
  const [first] = causes;
  if (first instanceof EmptyAnswer) return emptyAnswer(first, settings);
  if (first instanceof NoStream) return noStream(first, settings);
  const trouble = causes.find((cause) => cause instanceof KeyTrouble);
  if (trouble) return { kind: 'unauthorized', message: `${label} was not asked: ${trouble.message}` };
  if (!(first instanceof StreamCut)) return undefined;
  if (first.begun) return brokenStream(label);
  return {
    kind: 'bad-response',
    message: `${label} answered with something that is no answer of a model. ${checkAddress(settings)}`,
  };
}

/** Of a proxy or a server that is just starting, which passes, or of an address that is wrong. */
function noStream({ message }: NoStream, settings: ProviderSettings): ModelFailure {
  return {
    kind: 'unavailable',
    message: `${labelOf(settings)} answered with ${message}. ${checkAddress(settings)}`,
  };
}

function brokenStream(label: string): ModelFailure {
  return { kind: 'broken-stream', message: `${label} broke off in the middle of its answer. Try again.` };
}

function emptyAnswer({ reason }: EmptyAnswer, settings: ProviderSettings): ModelFailure {
  const { model } = settings;
  const label = labelOf(settings);
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
    kind: 'empty',
    message: `${model} answered with nothing at all. Try again, or choose another model.`,
  };
}

function fromStatus(trouble: Trouble, context: FailureContext): ModelFailure | undefined {
  const { status } = trouble;
  if (isTooLong(trouble)) return tooLong(context);
  if (isOutOfCredit(trouble)) return outOfCredit(context);
  if (isUnknownModel(trouble)) return notFound(trouble, context);
  if (status === undefined) return fromReport(trouble, context);
  if (status < 300) return networkCode(trouble) ? brokenStream(labelOf(context.settings)) : undefined;
  if (status < 400) return redirected(trouble, context);
  if (status === 401 || status === 403 || isBadKey(trouble)) return unauthorized(status, trouble, context);
  if (status === 404) return notFound(trouble, context);
  if (status === 429) return rateLimited(trouble, context);
  if (status === 408 || status === 409 || status >= 500) return unavailable(status, trouble, context);
  return refused(status, trouble, context);
}

/** Providers have no common code for this; these are the phrases they use. */
const TOO_LONG =
  /context (length|window|size)|prompt is too long|maximum (context|prompt length)|exceeds? the (model's )?context|input token count.*exceeds|reduce the length of/i;

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

const NO_CREDIT = /credit balance is too low|insufficient (balance|credits|funds)/i;

function isOutOfCredit({ status, code, message }: Trouble): boolean {
  return status === 402 || /insufficient_(quota|balance|credit)/i.test(code) || NO_CREDIT.test(message);
}

function outOfCredit({ settings }: FailureContext): ModelFailure {
  return {
    kind: 'no-credit',
    message: `${labelOf(settings)} says that the account behind ${settings.sources.apiKey} has no credit left. Add credit there, or use another key.`,
  };
}

/** Besides a plain 404. */
function isUnknownModel({ status, code, message }: Trouble): boolean {
  if (status !== 400 && status !== 422) return false;
  return /model_not_found|invalid_model/i.test(code) || NO_SUCH_MODEL.test(message);
}

const NO_SUCH_MODEL = /\bmodel\b.{0,80}\b(not exist|not found)|not a valid model|invalid model/i;

/** Google calls a wrong key a bad request. */
function isBadKey({ status, message }: Trouble): boolean {
  return status === 400 && /api key not valid|invalid api key/i.test(message);
}

/** What a server reports within a stream has no status. */
function fromReport(trouble: Trouble, context: FailureContext): ModelFailure | undefined {
  return trouble.reported && /rate_limit/i.test(trouble.code) ? rateLimited(trouble, context) : undefined;
}

function redirected({ headers }: Trouble, { settings }: FailureContext): ModelFailure {
  const target = headers.location ? ` It points to ${scrubUrl(headers.location)}.` : '';
  return {
    kind: 'bad-response',
    message: `${scrubUrl(settings.baseUrl)} answered with a redirect.${target} ${checkAddress(settings)}`,
  };
}

function unauthorized(status: number, trouble: Trouble, { settings, sentKey }: FailureContext): ModelFailure {
  const { sources, model } = settings;
  const label = labelOf(settings);
  if (sentKey === undefined) {
    return { kind: 'unauthorized', message: `${label} wants a key. Set ${sources.apiKey}.` };
  }
  if (status !== 403) {
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
    kind: 'unknown-model',
    message: `${labelOf(settings)} has no model "${model}" at ${scrubUrl(settings.baseUrl)}${quote(trouble)}.${pull} set the name of another model in ${sources.model}.`,
  };
}

function rateLimited(trouble: Trouble, { settings, now }: FailureContext): ModelFailure {
  const wait = retryAfterMs(trouble.headers, now) ?? waitInWords(trouble.message);
  const when =
    wait === undefined ? 'Wait a moment and try again.' : `Try again in ${Math.ceil(wait / 1000)} s.`;
  const message = `${labelOf(settings)} limits how often it may be called, and the limit is reached. ${when}`;
  return { kind: 'rate-limited', message, ...(wait === undefined ? {} : { retryAfterMs: wait }) };
}

function unavailable(status: number, trouble: Trouble, { settings, now }: FailureContext): ModelFailure {
  const wait = retryAfterMs(trouble.headers, now);
  const message = `${labelOf(settings)} has trouble of its own (HTTP ${status})${quote(trouble)}. Try again later.`;
  return { kind: 'unavailable', message, ...(wait === undefined ? {} : { retryAfterMs: wait }) };
}

function refused(status: number, trouble: Trouble, { settings }: FailureContext): ModelFailure {
  const message = `${labelOf(settings)} refused the request (HTTP ${status})${quote(trouble)}. Check that ${settings.model} supports tools, or set another model in ${settings.sources.model}.`;
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
  const message = `No connection to ${labelOf(settings).replace('The', 'the')} at ${scrubUrl(settings.baseUrl)}: ${words}. ${checkAddress(settings)}`;
  return { kind: 'unreachable', message };
}

function unexpected(trouble: Trouble, { settings }: FailureContext): ModelFailure {
  if (trouble.reported) {
    const message = `${labelOf(settings)} reported an error${quote(trouble)}. Try again later.`;
    return { kind: 'unavailable', message };
  }
  const message = `${labelOf(settings)} answered with something unexpected${quote(trouble)}. ${checkAddress(settings)}`;
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
