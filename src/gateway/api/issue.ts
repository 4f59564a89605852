import type { z } from 'zod';

/** The first thing that is wrong, as a place (`query.limit`, `attachments.0.data_base64`) and a reason. */
export function explainIssue(
  { issues: [issue] }: z.ZodError,
  place: string,
): { readonly field: string; readonly reason: string } {
  if (issue === undefined) return { field: place, reason: 'is not valid' };
  const field = [place, ...issue.path.map(String)].filter((part) => part !== '').join('.');
  return { field, reason: reasonOf(issue.message) };
}

/** As a clause that goes on from the field's name. */
function reasonOf(message: string): string {
  const missing = /^Invalid input: expected (.+), received undefined$/.exec(message);
  if (missing) return `is missing; expected ${missing[1]}`;
  const wrong = /^Invalid input: expected (.+), received (.+)$/.exec(message);
  if (wrong) return `must be ${wrong[1]}, not ${wrong[2]}`;
  return message;
}
