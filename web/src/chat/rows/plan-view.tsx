import { visible } from '../../format.ts';
import type { StepStatus } from '../plan.ts';
import type { PlanRow } from '../row.ts';

const MARKS: Readonly<Record<StepStatus, string>> = {
  pending: '☐',
  active: '▸',
  done: '☑',
  failed: '✗',
  skipped: '–',
};

export function PlanView({ row: { plan } }: { readonly row: Pick<PlanRow, 'plan'> }) {
  const done = plan.steps.filter(({ status }) => status === 'done').length;
  return (
    <section class="plan">
      <header class="spread">
        <h3>{visible(plan.title)}</h3>
        <small class="quiet">
          {done} / {plan.steps.length}
        </small>
      </header>
      <ol>
        {plan.steps.map(({ title, status, result }, at) => (
          <li key={`${at} ${title}`} class={status}>
            {MARKS[status]} {visible(title)}
            {result !== '' && `: ${visible(result)}`}
          </li>
        ))}
      </ol>
    </section>
  );
}
