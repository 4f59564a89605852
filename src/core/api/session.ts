import { z } from 'zod';

/** Works once, for ten minutes. */
export const LoginLink = z.object({ link: z.string() });

export const Health = z.object({ status: z.literal('healthy'), channel: z.literal('gateway') });
