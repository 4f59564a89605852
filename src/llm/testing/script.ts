import type { JsonObject } from '../../core/json.ts';

/** What the server does with one call. */
export type Reply =
  | ({ readonly type: 'answer' } & ScriptedAnswer)
  | {
      readonly type: 'status';
      readonly status: number;
      readonly headers?: Readonly<Record<string, string>>;
      /** An object is sent as JSON. */
      readonly body?: string | JsonObject;
    }
  /** Half of the answer, then the connection is destroyed (`socket`) or the stream ends as if complete (`end`). */
  | ({ readonly type: 'cut'; readonly how: 'socket' | 'end' } & ScriptedAnswer)
  /** This very body with status 200. */
  | { readonly type: 'raw'; readonly contentType: string; readonly body: string }
  /** Nothing more after `text` (or nothing at all), until `release` is called. */
  | { readonly type: 'hang'; readonly text?: string };

export interface ScriptedAnswer {
  readonly text?: string;
  readonly toolCalls?: readonly ScriptedCall[];
  readonly usage?: ScriptedUsage;
  /** OpenAI's word for why it stopped, put into each protocol's own; from the content where absent. */
  readonly finishReason?: string;
  /** Time before the first byte. */
  readonly delayMs?: number;
  /** Time between the pieces of the stream. */
  readonly dripMs?: number;
}

/** `inputTokens` are all of them, those of the cache included. */
interface ScriptedUsage {
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly cacheReadTokens?: number;
  readonly cacheWriteTokens?: number;
}

export interface ScriptedCall {
  /** Left out of the answer where absent, as some servers do. */
  readonly id?: string;
  readonly name: string;
  /** Text is sent as it is, well-formed or not. */
  readonly arguments: string | JsonObject;
}

export const DEFAULT_USAGE: ScriptedUsage = { inputTokens: 10, outputTokens: 5 };

export function argumentsText(call: ScriptedCall): string {
  return typeof call.arguments === 'string' ? call.arguments : JSON.stringify(call.arguments);
}

/** Words with the spaces that follow them, as models stream them. */
export function pieces(text: string): string[] {
  return text.match(/\S+\s*|\s+/g) ?? [];
}

/** Two halves, so that a reader has to put arguments together. */
export function halves(text: string): string[] {
  const middle = Math.ceil(text.length / 2);
  return [text.slice(0, middle), text.slice(middle)].filter((half) => half !== '');
}

/** Why it stopped, for protocols with words of their own. */
export function stopOf({ finishReason, toolCalls }: ScriptedAnswer): 'calls' | 'end' | 'filter' | 'length' {
  if (finishReason === 'length') return 'length';
  if (finishReason === 'content_filter') return 'filter';
  return toolCalls?.length ? 'calls' : 'end';
}
