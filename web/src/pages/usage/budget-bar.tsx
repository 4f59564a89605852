import type { BudgetBar as Bar } from '../../../../src/core/api/usage.ts';
import { t } from '../../i18n.ts';
import { dollars } from './dollars.ts';

/** From here on the bar warns. */
const NEAR = 0.8;

/** How much of one budget is used. */
export function BudgetBar({ label, bar }: { readonly label: string; readonly bar: Bar }) {
  const { spent_usd: spent, reserved_usd: reserved, limit_usd: limit } = bar;
  return (
    <section class="usage-budget">
      <h2 class="usage-budget-label">{label}</h2>
      <p class="usage-budget-spent">{dollars(spent)}</p>
      {limit === null ? (
        <p class="quiet small">{t('No limit.')}</p>
      ) : (
        <>
          <Meter spent={spent} reserved={reserved} limit={limit} />
          <p class="quiet small">
            {spent > limit
              ? t('{over} over the limit of {limit}', { over: dollars(spent - limit), limit: dollars(limit) })
              : t('{left} left of {limit}', { left: dollars(limit - spent), limit: dollars(limit) })}
          </p>
        </>
      )}
      {reserved > 0 && (
        <p class="quiet small">{t('At most {cost} more for what runs now', { cost: dollars(reserved) })}</p>
      )}
    </section>
  );
}

interface MeterProps {
  readonly spent: number;
  readonly reserved: number;
  readonly limit: number;
}

/** The same in a picture; the sentence beneath it says it in words. */
function Meter({ spent, reserved, limit }: MeterProps) {
  const used = limit === 0 ? 1 : Math.min(1, spent / limit);
  const kept = limit === 0 ? 0 : Math.min(1 - used, reserved / limit);
  const kind = spent >= limit ? 'is-over' : used >= NEAR ? 'is-near' : '';
  return (
    <div class={`usage-meter ${kind}`} aria-hidden="true">
      <i style={{ width: `${used * 100}%` }} />
      <i class="is-reserved" style={{ width: `${kept * 100}%` }} />
    </div>
  );
}
