import type { Json } from '../../../src/core/json.ts';
import { visible } from '../format.ts';

/** A value with its parts, which open and close. What others' words had a hand in is marked. */
export function JsonView({
  name,
  value,
  open = false,
}: {
  readonly name?: string;
  readonly value: Json;
  readonly open?: boolean;
}) {
  const parts = partsOf(value);
  if (parts === undefined) {
    return (
      <div class="json-leaf">
        {name !== undefined && <span class="json-name">{name}</span>}
        <Leaf value={value} />
      </div>
    );
  }
  return (
    <details class="json" open={open}>
      <summary>
        {name !== undefined && <span class="json-name">{name}</span>}
        <span class="quiet">{Array.isArray(value) ? `[${parts.length}]` : `{${parts.length}}`}</span>
      </summary>
      {parts.map(([key, part]) => (
        <JsonView key={key} name={key} value={part} />
      ))}
    </details>
  );
}

function partsOf(value: Json): readonly (readonly [string, Json])[] | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const parts = Object.entries(value);
  return parts.length === 0 ? undefined : parts;
}

const INFLUENCED = '⟨influenced⟩ ';

function Leaf({ value }: { readonly value: Json }) {
  if (typeof value !== 'string') return <code class="json-value">{JSON.stringify(value)}</code>;
  const isForeign = value.startsWith(INFLUENCED);
  return (
    <code class={`json-value text ${isForeign ? 'foreign' : ''}`}>
      {visible(isForeign ? value.slice(INFLUENCED.length) : value) || '""'}
    </code>
  );
}
