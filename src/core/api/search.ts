import { z } from 'zod';
import type { SearchHit } from '../assistant.ts';
import { count, opaque } from './fields.ts';

export const SearchQuery = z.object({
  /** Words, in any order; each begins some word of what is found. */
  q: z.string().default(''),
  limit: count(20, 100),
});

export const SearchAnswer = z.object({ hits: z.array(opaque<SearchHit>()).readonly() });
