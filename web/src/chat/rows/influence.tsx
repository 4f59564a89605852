import { ShieldAlert } from 'lucide-preact';
import type { Origin } from '../../../../src/core/journal.ts';
import { visible } from '../../format.ts';

export interface InfluenceProps {
  readonly text: string;
  readonly origins: readonly Origin[];
  readonly warnings?: readonly string[];
}

/** Whose words, other than the user's, had a hand in something. */
export function Influence({ text, origins, warnings = [] }: InfluenceProps) {
  return (
    <p class={`influence ${warnings.length > 0 ? 'warned' : ''}`}>
      <ShieldAlert size={15} aria-hidden="true" />
      <span>
        {text}: {origins.map(visible).join(', ')}
        {warnings.length > 0 && ` (${warnings.map(visible).join(', ')})`}
      </span>
    </p>
  );
}
