/** `2026-03-01 14:05` in the user's time zone. The Swedish way to write a time is the international one. */
export function moment(at: string, timeZone: string): string {
  const format = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'short' });
  return format.format(new Date(at));
}
