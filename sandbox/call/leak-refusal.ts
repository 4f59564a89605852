import type { Refusal } from '../../machines/refusal.ts';
import type { LeakScan } from '../../src/safety/index.ts';

type Rule = 'leak-in-params' | 'leak-in-request' | 'leak-in-response' | 'leak-in-result';

const WHERE: Readonly<Record<Rule, string>> = {
  'leak-in-params': 'the arguments',
  'leak-in-request': 'what the tool wanted to send',
  'leak-in-response': 'what the other side answered',
  'leak-in-result': 'what the tool returned',
};

/** Why something may not pass, or undefined where the scan lets it. */
export function leakRefusal(rule: Rule, { verdict, findings }: LeakScan): Refusal | undefined {
  if (verdict !== 'block') return undefined;
  const found = findings.filter(({ action }) => action === 'block');
  const names = [...new Set(found.map(({ pattern, preview }) => `${pattern} (${preview})`))].slice(0, 3);
  return {
    rule,
    message: `Stopped, because ${WHERE[rule]} seemed to hold a secret: ${names.join(', ')}.`,
  };
}
