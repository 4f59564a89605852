/** Parts of JSON that somebody else wrote: undefined where they are not what they should be. */
export type LooseObject = Readonly<Record<string, unknown>>;

export function asObject(value: unknown): LooseObject | undefined {
  return isObject(value) ? value : undefined;
}

export const asText = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

export const asList = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

export function asDate(value: unknown): Date | undefined {
  if (typeof value !== 'string' && typeof value !== 'number') return undefined;
  const date = new Date(typeof value === 'number' ? value * 1000 : value);
  return Number.isNaN(date.getTime()) ? undefined : date;
}

const isObject = (value: unknown): value is LooseObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
