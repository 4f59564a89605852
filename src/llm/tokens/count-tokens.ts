import { createTokenCounter } from './token-counter.ts';

/** The process has one thread that counts. */
export const { countTokens } = createTokenCounter();
