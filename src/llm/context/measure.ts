import type { ModelMessage, ToolDescription } from '../model.ts';
import { tokensAbout, tokensAtLeast, tokensAtMost } from '../tokens/estimate.ts';
import type { TokenCounter } from '../tokens/token-counter.ts';

export type CountTokens = TokenCounter['countTokens'];

/** Role and borders of a message; OpenAI's cookbook counts 3 or 4. */
const TOKENS_A_MESSAGE = 4;
/** Providers scale pictures down; none of them counts more for one. */
const TOKENS_A_PICTURE = 1_600;

/** The text of a message that is paid for. */
function textOf(message: ModelMessage): string {
  if (message.role === 'user') return message.text;
  if (message.role === 'tool') return message.content;
  return message.toolCalls.length === 0 ? message.text : message.text + JSON.stringify(message.toolCalls);
}

/** A text, or something that is as long, with what comes on top of it. */
export interface Measured {
  readonly text: string;
  readonly bytes: number;
  /** Tokens beside those of the text. */
  readonly extra: number;
}

export function measureText(text: string): Measured {
  return { text, bytes: Buffer.byteLength(text), extra: 0 };
}

export function measureMessage(message: ModelMessage): Measured {
  const pictures = message.role === 'user' ? (message.pictures?.length ?? 0) : 0;
  return { ...measureText(textOf(message)), extra: TOKENS_A_MESSAGE + pictures * TOKENS_A_PICTURE };
}

/** The descriptions of the same tools are measured once. */
const measuredTools = new WeakMap<readonly ToolDescription[], Measured>();

export function measureTools(tools: readonly ToolDescription[]): Measured {
  const known = measuredTools.get(tools);
  if (known) return known;
  const measured = measureText(tools.length === 0 ? '' : JSON.stringify(tools));
  measuredTools.set(tools, measured);
  return measured;
}

const total = (all: readonly Measured[], of: (measured: Measured) => number): number =>
  all.reduce((sum, measured) => sum + of(measured), 0);

export const aboutTokens = (all: readonly Measured[]): number =>
  total(all, ({ bytes, extra }) => tokensAbout(bytes) + extra);

/**
 * Whether all of it fits. Nothing is counted where the sizes alone tell, which is whenever the window is not nearly
 * full.
 */
export async function fits(all: readonly Measured[], tokens: number, count: CountTokens): Promise<boolean> {
  if (total(all, ({ bytes, extra }) => tokensAtMost(bytes) + extra) <= tokens) return true;
  if (total(all, ({ bytes, extra }) => tokensAtLeast(bytes) + extra) > tokens) return false;
  return (await countAll(all, count)).reduce((sum, counted) => sum + counted, 0) <= tokens;
}

/** Tokens of each. */
export async function countAll(all: readonly Measured[], count: CountTokens): Promise<readonly number[]> {
  const counts = await count(all.map(({ text }) => text));
  return all.map(({ extra }, at) => extra + (counts[at] ?? 0));
}
