import { askModel, type ModelOrder, type ModelOutcome } from './ask-model.ts';

/** One question in words, for a cheap model: no tools, no conversation. */
export interface AsideQuestion {
  /** As for `askModel`. */
  readonly effectId: string;
  readonly payer: ModelOrder['payer'];
  readonly question: { readonly system: string; readonly message: string };
  readonly maxOutputTokens: number;
}

/** Asks what nobody in the conversation sees; as `askModel`. */
export function askAside(
  env: Parameters<typeof askModel>[0],
  { effectId, payer, question: { system, message }, maxOutputTokens }: AsideQuestion,
  signal: AbortSignal,
): Promise<ModelOutcome> {
  const request = {
    system,
    messages: [{ role: 'user', text: message }],
    tools: [],
    maxOutputTokens,
  } as const;
  return askModel(env, { effectId, payer, purpose: 'aside', request }, signal);
}
