/** The least round number (1, 2 or 5 times a power of ten) that no value exceeds: the top of a chart. */
export function roundTop(values: readonly number[]): number {
  const most = Math.max(0, ...values);
  if (most === 0) return 1;
  const power = 10 ** Math.floor(Math.log10(most));
  const factor = [1, 2, 5].find((factor) => factor * power >= most) ?? 10;
  return factor * power;
}
