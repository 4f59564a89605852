/**
 * How long the server asks to wait, in milliseconds: from `retry-after-ms`, or `retry-after` in seconds or as a
 * date. Undefined where it does not say.
 */
export function retryAfterMs(headers: Readonly<Record<string, string>>, now: number): number | undefined {
  const exact = Number.parseFloat(headers['retry-after-ms'] ?? '');
  if (Number.isFinite(exact)) return Math.max(0, exact);
  const text = headers['retry-after'];
  if (text === undefined) return undefined;
  const seconds = Number(text);
  if (Number.isFinite(seconds)) return Math.max(0, seconds * 1000);
  const date = Date.parse(text);
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}

/** Some say it in their message alone: `Please try again in 7m26.4s`, `Please retry in 340ms.` Milliseconds. */
export function waitInWords(message: string): number | undefined {
  const words = /\b(?:retry|try again) in (?:(\d+)h)?(?:(\d+)m(?!s))?(?:(\d+(?:\.\d+)?)(ms|s)\b)?/i.exec(
    message,
  );
  if (words === null) return undefined;
  const [, hours = '0', minutes = '0', rest = '0', unit = 's'] = words;
  const restMs = Number(rest) * (unit.toLowerCase() === 'ms' ? 1 : 1000);
  const total = Math.ceil(Number(hours) * 3_600_000 + Number(minutes) * 60_000 + restMs);
  return total === 0 ? undefined : total;
}
