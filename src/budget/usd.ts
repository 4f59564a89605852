/** `$4.02`, and below a cent as much as tells: `$0.0034`, `$0.000012`. */
export function formatUsd(microUsd: number): string {
  const digits = microUsd === 0 || microUsd >= 10_000 ? 2 : microUsd >= 100 ? 4 : 6;
  return `$${(microUsd / 1e6).toFixed(digits)}`;
}
