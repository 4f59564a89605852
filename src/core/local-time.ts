/** `Mon 2026-03-02 09:00` in a time zone, or `09:00:30` where it is not a whole minute. */
export function localTime(at: string, timeZone: string): string {
  const when = new Date(at);
  const day = when.toLocaleDateString('en-GB', { timeZone, weekday: 'short' });
  const timeStyle = when.getUTCSeconds() === 0 ? 'short' : 'medium';
  // The Swedish way to write a time is the international one.
  return `${day} ${when.toLocaleString('sv-SE', { timeZone, dateStyle: 'short', timeStyle })}`;
}
