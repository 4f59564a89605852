import type { Config, Environment } from '../../config/index.ts';
import { PROVIDERS } from '../../llm/index.ts';

/** Every key of a model provider that configuration or environment holds, whichever models are in use. */
export function modelKeys({ llm }: Config, env: Environment): readonly string[] {
  const variables = Object.values(PROVIDERS).flatMap((provider) => provider.variables.apiKey);
  const found = [llm.api_key, env.IRONBARK_LLM_API_KEY, ...variables.map((name) => env[name])];
  return [...new Set(found.flatMap((key) => key?.trim() || []))];
}
