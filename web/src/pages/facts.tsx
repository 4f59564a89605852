import type { ComponentChildren } from 'preact';

interface FactsProps {
  readonly facts: readonly (readonly [what: string, value: ComponentChildren])[];
}

/** A few figures side by side. */
export function Facts({ facts }: FactsProps) {
  return (
    <dl class="place-facts">
      {facts.map(([what, value]) => (
        <div key={what}>
          <dt>{what}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
