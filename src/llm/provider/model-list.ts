import { type Clock, systemClock } from '../../core/clock.ts';
import type { ModelFailure } from '../../core/journal.ts';
import { isJsonList, isJsonObject, type Json, type JsonObject } from '../../core/json.ts';
import { err, ok, type Result } from '../../core/result.ts';
import { PROVIDERS, type Protocol } from '../catalogue/providers.ts';
import type { ListOptions } from '../list-models.ts';
import type { ModelListing } from '../model-listing.ts';
import type { ProviderSettings } from '../settings.ts';
import { toModelFailure } from './failure.ts';
import { idleFetch } from './idle-fetch.ts';
import { readJson } from './json-answer.ts';
import { callKey, keyFetch, PLACEHOLDER, withKey } from './key-fetch.ts';
import { scrubUrl } from './scrub.ts';

const TIME_MS = 10_000;
const MAX_MODELS = 1000;

/** How a list is asked for: what comes after the base address, and the headers with the key. */
const QUESTIONS: Readonly<
  Record<Protocol, { readonly path: string; readonly headers: Readonly<Record<string, string>> }>
> = {
  'openai-responses': { path: '/models', headers: { authorization: `Bearer ${PLACEHOLDER}` } },
  'openai-chat': { path: '/models', headers: { authorization: `Bearer ${PLACEHOLDER}` } },
  'anthropic-messages': {
    path: `/models?limit=${MAX_MODELS}`,
    headers: { 'x-api-key': PLACEHOLDER, 'anthropic-version': '2023-06-01' },
  },
  'google-generative': {
    path: `/models?pageSize=${MAX_MODELS}`,
    headers: { 'x-goog-api-key': PLACEHOLDER },
  },
};

/** See `listModels`. */
export async function fetchModelList(
  settings: ProviderSettings,
  { signal, readKey, clock = systemClock }: ListOptions,
): Promise<Result<readonly ModelListing[], ModelFailure>> {
  const key = callKey(settings, readKey);
  const time = AbortSignal.timeout(TIME_MS);
  try {
    const fetch = keyFetch(idleFetch(TIME_MS));
    const { path, headers } = QUESTIONS[settings.protocol];
    const init = { headers, signal: AbortSignal.any([signal, time]) };
    const response = await withKey(key, () => fetch(`${settings.baseUrl}${path}`, init));
    return response.status === 404
      ? err(noList(settings))
      : ok(listings(await readJson(response, 'a list of models')));
  } catch (error) {
    if (time.aborted && !signal.aborted) return err(tooSlow(settings));
    return err(failureOf(error, settings, key.sent(), signal, clock));
  }
}

function failureOf(
  error: unknown,
  settings: ProviderSettings,
  sentKey: string | undefined,
  signal: AbortSignal,
  clock: Clock,
): ModelFailure {
  const interrupted = signal.aborted;
  return toModelFailure(error, { settings, sentKey, interrupted, idleTimeoutMs: TIME_MS, now: clock.now() });
}

function noList(settings: ProviderSettings): ModelFailure {
  const { label } = PROVIDERS[settings.provider];
  const message = `${label} offers no list of its models at ${scrubUrl(settings.baseUrl)}. Check the address in ${settings.sources.baseUrl}.`;
  return { kind: 'bad-response', message };
}

function tooSlow({ provider }: ProviderSettings): ModelFailure {
  const message = `${PROVIDERS[provider].label} took longer than ${TIME_MS / 1000} s to list its models. Try again.`;
  return { kind: 'timeout', message };
}

function listings(answer: Json): readonly ModelListing[] {
  const found = rowsOf(answer).filter(writesText).flatMap(toListing);
  const unique = new Map(found.map((listing) => [listing.model, listing]));
  return [...unique.values()].sort((one, other) => (one.model < other.model ? -1 : 1)).slice(0, MAX_MODELS);
}

function rowsOf(answer: Json): readonly JsonObject[] {
  const rows = isJsonObject(answer) ? (answer.data ?? answer.models) : answer;
  return isJsonList(rows) ? rows.filter(isJsonObject) : [];
}

/** Google lists what its models are for; the others leave it to their names. */
function writesText({ supportedGenerationMethods: methods }: JsonObject): boolean {
  return !isJsonList(methods) || methods.includes('generateContent');
}

function toListing(row: JsonObject): ModelListing[] {
  const model = text(row.id) ?? text(row.name)?.replace(/^models\//, '');
  if (model === undefined) return [];
  const title = text(row.display_name) ?? text(row.displayName) ?? (row.id ? text(row.name) : undefined);
  const contextTokens = CONTEXT_FIELDS.map((field) => row[field]).find(isCount);
  return [
    {
      model,
      ...(title === undefined || title === model ? {} : { title }),
      ...(contextTokens === undefined ? {} : { contextTokens }),
    },
  ];
}

/** As OpenRouter and Together, Groq, Anthropic, Google, Mistral and vLLM name it. */
const CONTEXT_FIELDS = [
  'context_length',
  'context_window',
  'max_input_tokens',
  'inputTokenLimit',
  'max_context_length',
  'max_model_len',
];

function text(value: Json | undefined): string | undefined {
  return typeof value === 'string' && value !== '' ? value.slice(0, 200) : undefined;
}

function isCount(value: Json | undefined): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value > 0;
}
