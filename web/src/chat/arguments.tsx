import type { Json, JsonObject } from '../../../src/core/json.ts';
import { visible } from '../format.ts';
import { t } from '../i18n.ts';
import { Diff } from '../ui/index.ts';

/** Each value stands in a box of its own: nothing in it can pass for a part of the question. */
export function ArgumentList({ tool, values }: { readonly tool: string; readonly values: JsonObject }) {
  const change = changeIn(tool, values);
  const hidden = change ? ['old_string', 'new_string', 'old_text', 'new_text'] : [];
  const rest = Object.entries(values).filter(([name]) => !hidden.includes(name));
  return (
    <dl class="arguments">
      {rest.map(([name, value]) => (
        <div key={name}>
          <dt>{visible(name)}</dt>
          <dd>
            <pre>{visible(shown(value))}</pre>
          </dd>
        </div>
      ))}
      {change && (
        <div>
          <dt>{t('change')}</dt>
          <dd>
            <Diff before={change.before} after={change.after} />
          </dd>
        </div>
      )}
    </dl>
  );
}

const shown = (value: Json): string => (typeof value === 'string' ? value : JSON.stringify(value, null, 2));

/** The texts of a call that replaces one by another. */
function changeIn(
  tool: string,
  values: JsonObject,
): { readonly before: string; readonly after: string } | undefined {
  if (tool !== 'apply_patch') return undefined;
  const before = values.old_string ?? values.old_text;
  const after = values.new_string ?? values.new_text;
  return typeof before === 'string' && typeof after === 'string'
    ? { before: visible(before), after: visible(after) }
    : undefined;
}
