import { CalendarClock } from 'lucide-preact';
import type { RoutinesReply, RoutinesSummaryReply } from '../../../../src/core/api/absent.ts';
import { api } from '../../api.ts';
import { count } from '../../format.ts';
import { t } from '../../i18n.ts';
import { Page } from '../../shell/page.tsx';
import { Badge, CodeBlock, EmptyState, Table, Time } from '../../ui/index.ts';
import { Facts } from '../facts.tsx';
import { useLoaded } from '../loaded.ts';
import { Shown } from '../shown.tsx';

type Routine = RoutinesReply['routines'][number];

/** What the assistant does by itself at its time, or when something happens. */
export default function RoutinesPage() {
  const routines = useLoaded('routines', (signal) => api<RoutinesReply>('/api/routines', { signal }));
  return (
    <Page title={t('Routines')}>
      <Shown of={routines} lines={6}>
        {({ routines, available, reason }) => {
          if (!available) return <NotYet reason={reason} />;
          return routines.length === 0 ? <Nothing /> : <Routines routines={routines} />;
        }}
      </Shown>
    </Page>
  );
}

function NotYet({ reason }: { readonly reason: string | null }) {
  return (
    <EmptyState icon={CalendarClock} title={t('Routines are not available yet')}>
      <div class="stack">
        {reason !== null && <p>{reason}</p>}
        <p>{t('Until then, the clock of the system can ask. With cron, every morning at seven:')}</p>
        <CodeBlock code={'0 7 * * * ironbark -m "What is on today?"'} />
      </div>
    </EmptyState>
  );
}

function Nothing() {
  return (
    <EmptyState icon={CalendarClock} title={t('No routines yet')}>
      {t('Say in a conversation what is to be done, and when.')}
    </EmptyState>
  );
}

function Routines({ routines }: Pick<RoutinesReply, 'routines'>) {
  return (
    <div class="stack">
      <Summary />
      <Table
        caption={t('Routines')}
        rows={routines}
        rowKey={({ id }) => id}
        columns={[
          { key: 'name', head: t('Routine'), cell: (routine) => <Name routine={routine} /> },
          { key: 'when', head: t('When'), cell: ({ trigger_summary }) => trigger_summary },
          {
            key: 'next',
            head: t('Next'),
            end: true,
            cell: ({ next_fire_at }) => <Moment at={next_fire_at} exact />,
          },
          {
            key: 'last',
            head: t('Last'),
            end: true,
            cell: ({ last_run_at }) => <Moment at={last_run_at} />,
          },
          { key: 'runs', head: t('Runs'), end: true, cell: ({ run_count }) => count(run_count) },
          { key: 'state', head: t('State'), cell: (routine) => <State routine={routine} /> },
        ]}
      />
    </div>
  );
}

function Summary() {
  const summary = useLoaded('summary', (signal) =>
    api<RoutinesSummaryReply>('/api/routines/summary', { signal }),
  );
  return (
    <Shown of={summary} lines={2}>
      {(all) => (
        <Facts
          facts={[
            [t('All'), count(all.total)],
            [t('On'), count(all.enabled)],
            [t('Off'), count(all.disabled)],
            [t('Not proven yet'), count(all.unverified)],
            [t('Failing'), count(all.failing)],
            [t('Runs today'), count(all.runs_today)],
          ]}
        />
      )}
    </Shown>
  );
}

function Moment({ at, exact = false }: { readonly at: string | undefined; readonly exact?: boolean }) {
  if (at === undefined) return <>—</>;
  return (
    <span class="place-moment">
      <Time at={at} exact={exact} />
    </span>
  );
}

function Name({ routine: { name, description } }: { readonly routine: Routine }) {
  return (
    <>
      <strong>{name}</strong>
      <br />
      <span class="quiet small">{description}</span>
    </>
  );
}

function State({ routine: { enabled, status, consecutive_failures } }: { readonly routine: Routine }) {
  if (!enabled) return <Badge>{t('off')}</Badge>;
  if (consecutive_failures > 0)
    return <Badge kind="bad">{t('failed {count} times', { count: count(consecutive_failures) })}</Badge>;
  return <Badge kind={status === 'active' ? 'good' : 'info'}>{status}</Badge>;
}
