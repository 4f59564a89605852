import { z } from 'zod';

/** An id as clients choose them: anything short without control characters. */
export const id = z
  .string()
  .regex(/^[^\p{Cc}\p{Cs}]{1,200}$/u, 'must be 1 to 200 characters without control characters');

/** Words that are stored. PostgreSQL takes neither U+0000 nor half a surrogate pair. */
export const text = z
  .string()
  .transform((value) => value.toWellFormed().replaceAll('\u0000', '\uFFFD'))
  .pipe(z.string());

/** How many, in a query: absent or empty is the default, above the most is the most. */
export const count = (usual: number, most: number) =>
  z
    .union([z.literal('').transform(() => usual), z.coerce.number().int().min(1)])
    .transform((value) => Math.min(value, most))
    .pipe(z.number())
    .default(usual);

/** Yes or no, in a query: `?dry_run=true`, `?dry_run`, `?dry_run=1`. */
export const flag = z
  .enum(['', 'true', 'false', '1', '0'])
  .transform((value) => value !== 'false' && value !== '0')
  .pipe(z.boolean())
  .default(false);

/** ISO 8601 in UTC. */
export const moment = z.string();

/** What is described elsewhere in the program, by a type: passed on as it is. */
export const opaque = <T>() => z.custom<T>(() => true);
