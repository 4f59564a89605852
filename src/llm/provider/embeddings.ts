import { systemClock } from '../../core/clock.ts';
import type { ModelFailure } from '../../core/journal.ts';
import { isJsonList, isJsonObject, type Json, type JsonObject } from '../../core/json.ts';
import { err, ok, type Result } from '../../core/result.ts';
import { PROVIDERS } from '../catalogue/providers.ts';
import type { EmbedOptions } from '../embed-texts.ts';
import type { ProviderSettings } from '../settings.ts';
import { toModelFailure } from './failure.ts';
import { idleFetch } from './idle-fetch.ts';
import { readJson } from './json-answer.ts';
import { callKey, keyFetch, PLACEHOLDER, withKey } from './key-fetch.ts';

const TIME_MS = 30_000;

type Vectors = readonly (readonly number[])[];

/** See `embedTexts`. */
export async function fetchEmbeddings(
  settings: ProviderSettings,
  texts: readonly string[],
  { signal, dimensions, readKey, clock = systemClock }: EmbedOptions,
): Promise<Result<Vectors, ModelFailure>> {
  const address = addressOf(settings);
  if (address === undefined) return err(noEmbeddings(settings));
  const key = callKey(settings, readKey);
  const time = AbortSignal.timeout(TIME_MS);
  try {
    const body = { model: settings.model, input: texts, ...(dimensions === undefined ? {} : { dimensions }) };
    const response = await withKey(key, () => post(address, body, AbortSignal.any([signal, time])));
    const vectors = vectorsIn(await readJson(response, 'vectors'), texts.length);
    return vectors === undefined ? err(garbage(settings)) : ok(vectors);
  } catch (error) {
    if (time.aborted && !signal.aborted) return err(tooSlow(settings));
    const context = { settings, sentKey: key.sent(), interrupted: signal.aborted, now: clock.now() };
    return err(toModelFailure(error, { ...context, idleTimeoutMs: TIME_MS }));
  }
}

function post(address: string, body: object, signal: AbortSignal): Promise<Response> {
  return keyFetch(idleFetch(TIME_MS))(address, {
    method: 'POST',
    headers: { authorization: `Bearer ${PLACEHOLDER}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
    signal,
  });
}

/** Ollama has a road of its own, which cuts texts that are too long; Google speaks OpenAI's protocol beside its own. */
function addressOf({ provider, protocol, baseUrl }: ProviderSettings): string | undefined {
  if (provider === 'ollama') return `${baseUrl.replace(/\/v1$/, '')}/api/embed`;
  if (protocol === 'anthropic-messages') return undefined;
  return protocol === 'google-generative' ? `${baseUrl}/openai/embeddings` : `${baseUrl}/embeddings`;
}

/** Undefined where they are not what was asked for: another number of them, or no vectors of one length. */
function vectorsIn(answer: Json, count: number): Vectors | undefined {
  const vectors = rowsOf(answer);
  const length = vectors[0]?.length ?? 0;
  const isWell = (vector: readonly Json[]) => vector.length === length && vector.every(Number.isFinite);
  if (vectors.length !== count || length === 0 || !vectors.every(isWell)) return undefined;
  return vectors.map((vector) => vector.map(Number));
}

/** `{embeddings: [[…]]}` of Ollama, `{data: [{index, embedding: […]}]}` of OpenAI. */
function rowsOf(answer: Json): readonly (readonly Json[])[] {
  if (!isJsonObject(answer)) return [];
  const { embeddings, data } = answer;
  if (isJsonList(embeddings)) return embeddings.filter(isJsonList);
  const rows = isJsonList(data) ? data.filter(isJsonObject) : [];
  return rows
    .toSorted((a, b) => indexOf(a) - indexOf(b))
    .map(({ embedding }) => (isJsonList(embedding) ? embedding : []));
}

const indexOf = ({ index }: JsonObject): number => (typeof index === 'number' ? index : 0);

const labelOf = ({ provider }: ProviderSettings): string => PROVIDERS[provider].label;

function noEmbeddings(settings: ProviderSettings): ModelFailure {
  const message = `${labelOf(settings)} has no models that make vectors. Choose another provider in embeddings.provider.`;
  return { kind: 'unknown-model', message };
}

function garbage(settings: ProviderSettings): ModelFailure {
  const message = `${labelOf(settings)} answered with something else than vectors. Check that ${settings.model} is an embedding model.`;
  return { kind: 'bad-response', message };
}

function tooSlow(settings: ProviderSettings): ModelFailure {
  return {
    kind: 'timeout',
    message: `${labelOf(settings)} took longer than ${TIME_MS / 1000} s for vectors.`,
  };
}
