/** An amount of US dollars for people: cents as a rule, more digits where it is less than one. */
export function dollars(amount: number, locale?: string): string {
  const isTiny = amount !== 0 && Math.abs(amount) < 0.01;
  return new Intl.NumberFormat(locale, {
    style: 'currency',
    currency: 'USD',
    ...(isTiny ? { maximumSignificantDigits: 2 } : { minimumFractionDigits: 2, maximumFractionDigits: 2 }),
  }).format(amount);
}
