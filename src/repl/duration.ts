const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Milliseconds in the unit a person would use: `120 ms`, `1.4 s`, `2 min 5 s`, `3 h 20 min`, `4 d 6 h`. */
export function duration(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  if (ms < MINUTE) return `${(ms / 1000).toFixed(1)} s`;
  if (ms < HOUR) return inUnits(ms, MINUTE, 'min', 1000, 's');
  return ms < DAY ? inUnits(ms, HOUR, 'h', MINUTE, 'min') : inUnits(ms, DAY, 'd', HOUR, 'h');
}

function inUnits(ms: number, large: number, largeName: string, small: number, smallName: string): string {
  return `${Math.floor(ms / large)} ${largeName} ${Math.floor((ms % large) / small)} ${smallName}`;
}
