import { MAX_SHOWN_BYTES } from '../../safety/index.ts';

/** How much of each tool result is shown, in UTF-8 bytes. A token is about four of them. */
export interface Detail {
  /** Of the latest answer's calls in the latest turn. */
  readonly newest: number;
  /** Of earlier calls in the latest turn. */
  readonly spent: number;
  /** Of earlier turns. */
  readonly older: number;
}

/** About 500 tokens: enough to know what it was. `result_read` has the rest. */
const SHORT_BYTES = 2_000;

/**
 * Everything at full length, which is 8,000 tokens of each result and not more than a quarter of what fits into the
 * window.
 *
 * @param tokens that fit into the window
 */
export function fullDetail(tokens: number): Detail {
  const bytes = Math.min(MAX_SHOWN_BYTES, Math.max(SHORT_BYTES, tokens));
  return { newest: bytes, spent: bytes, older: bytes };
}

export const withShortOlder = (detail: Detail): Detail => ({ ...detail, older: SHORT_BYTES });

export const withShortSpent = (detail: Detail): Detail => ({
  ...detail,
  older: SHORT_BYTES,
  spent: SHORT_BYTES,
});
