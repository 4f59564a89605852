import type { EgressRefusal } from './refuse.ts';

/** What cannot be recorded is not done. */
export const NOT_RECORDED: EgressRefusal = {
  rule: 'not-recorded',
  message: 'The request could not be carried out, because it could not be recorded.',
};
