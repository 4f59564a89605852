import type { Picture } from '../llm/index.ts';
import type { Statement } from '../storage/index.ts';

/**
 * Asks a language model that can see, on behalf of a turn and within its budgets. `message` says to the model that
 * called what went wrong, for example that the model that is set up sees no pictures.
 */
export type AskModel = (order: PictureQuestion, signal: AbortSignal) => Promise<PictureAnswer>;

export interface PictureQuestion {
  readonly effectId: string;
  readonly conversationId: string;
  readonly turnId: string;
  readonly question: string;
  readonly pictures: readonly Picture[];
}

export type PictureAnswer =
  | { readonly ok: true; readonly text: string; readonly writes: readonly Statement[] }
  | { readonly ok: false; readonly message: string; readonly writes?: readonly Statement[] };
