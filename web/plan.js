// @ts-check

import { el } from './element.js';
import { visible } from './question.js';

const MARKS = { pending: '☐', active: '▸', done: '☑', failed: '✗', skipped: '–' };
/** Words of models for the same, as `src/plan/plan.ts` has them. */
const SYNONYMS = {
  in_progress: 'active',
  'in-progress': 'active',
  executing: 'active',
  completed: 'done',
  complete: 'done',
};

/** The arguments of a `plan_update` as a checklist; undefined where they are none. */
export function planNode({ title, steps }) {
  if (typeof title !== 'string' || !Array.isArray(steps)) return undefined;
  const items = steps.map((step) => {
    const {
      title: what = '',
      status = 'pending',
      result,
    } = typeof step === 'string' ? { title: step } : (step ?? {});
    const known = SYNONYMS[status] ?? (status in MARKS ? status : 'pending');
    const text = `${MARKS[known]} ${visible(String(what))}${result ? `: ${visible(String(result))}` : ''}`;
    return el('li', { className: known, textContent: text });
  });
  return el(
    'section',
    { className: 'card plan' },
    el('b', { textContent: visible(title) }),
    el('ol', {}, ...items),
  );
}
