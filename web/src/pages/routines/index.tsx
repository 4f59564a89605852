import { CalendarClock, Plus } from 'lucide-preact';
import { useEffect, useState } from 'preact/hooks';
import type { RoutinesReply, RoutinesSummaryReply } from '../../../../src/core/api/routines.ts';
import { api } from '../../api.ts';
import { count, duration } from '../../format.ts';
import { t } from '../../i18n.ts';
import { bindKeys } from '../../keys.ts';
import { addCommands } from '../../palette.ts';
import { go, place } from '../../route.ts';
import { Page } from '../../shell/page.tsx';
import { Button, EmptyState } from '../../ui/index.ts';
import { Facts } from '../facts.tsx';
import { useLoaded } from '../loaded.ts';
import { Shown } from '../shown.tsx';
import { addressOf } from './actions.ts';
import { useLiveRuns } from './live-runs.ts';
import { RoutineDetailView } from './routine-detail.tsx';
import { RoutineForm } from './routine-form.tsx';
import { RoutineTable } from './routine-table.tsx';
import './routines.css';

/** What the assistant does by itself at its time, or when something happens. */
export default function RoutinesPage() {
  const id = idIn(place.value.path);
  const [isMaking, make] = useState(false);
  const [version, setVersion] = useState(0);
  const again = () => setVersion((version) => version + 1);
  useLiveRuns(again);
  useEffect(() => {
    const group = t('Routines');
    const undo = [
      bindKeys([{ keys: 'n', about: t('New routine'), group, run: () => make(true) }]),
      addCommands([
        {
          id: 'routine-new',
          title: t('New routine'),
          group: t('Actions'),
          icon: Plus,
          run: () => make(true),
        },
      ]),
    ];
    return () => {
      for (const end of undo) end();
    };
  }, []);
  return (
    <Page
      title={t('Routines')}
      wide
      actions={
        <Button icon={Plus} onClick={() => make(true)}>
          {t('New')}
        </Button>
      }
    >
      {id === undefined ? (
        <Overview version={version} onChange={again} onNew={() => make(true)} />
      ) : (
        <RoutineDetailView key={id} id={id} version={version} onChange={again} />
      )}
      {isMaking && (
        <RoutineForm
          onClose={() => make(false)}
          onSaved={({ id }) => {
            make(false);
            again();
            go(addressOf(id));
          }}
        />
      )}
    </Page>
  );
}

/** Of `/routines/ID`. */
function idIn(path: string): string | undefined {
  const [, , id = ''] = path.split('/');
  return id === '' ? undefined : decodeURIComponent(id);
}

interface OverviewProps {
  readonly version: number;
  onChange(): void;
  onNew(): void;
}

function Overview({ version, onChange, onNew }: OverviewProps) {
  const routines = useLoaded(
    'routines',
    (signal) => api<RoutinesReply>('/api/routines', { signal }),
    version,
  );
  return (
    <Shown of={routines} lines={6}>
      {({ routines }) =>
        routines.length === 0 ? (
          <Nothing onNew={onNew} />
        ) : (
          <div class="stack">
            <Summary version={version} />
            <RoutineTable routines={routines} onChange={onChange} />
          </div>
        )
      }
    </Shown>
  );
}

function Nothing({ onNew }: Pick<OverviewProps, 'onNew'>) {
  return (
    <EmptyState
      icon={CalendarClock}
      title={t('No routines yet')}
      action={
        <Button variant="primary" icon={Plus} onClick={onNew}>
          {t('New routine')}
        </Button>
      }
    >
      <div class="stack">
        <p>{t('Say in a conversation what is to be done, and when:')}</p>
        <p class="place-example">{t('Every weekday at eight, tell me what is on today.')}</p>
      </div>
    </EmptyState>
  );
}

function Summary({ version }: Pick<OverviewProps, 'version'>) {
  const summary = useLoaded(
    'summary',
    (signal) => api<RoutinesSummaryReply>('/api/routines/summary', { signal }),
    version,
  );
  return (
    <Shown of={summary} lines={2}>
      {(all) => (
        <Facts
          facts={[
            [t('All'), count(all.total)],
            [t('On'), count(all.enabled)],
            [t('Not proven yet'), count(all.unverified)],
            [t('Failing'), count(all.failing)],
            [t('Runs today'), count(all.runs_today)],
            ...latenessFacts(all.lateness),
          ]}
        />
      )}
    </Shown>
  );
}

/** Of the last 24 hours: half of the starts, all but one in a hundred, and the latest one. */
const latenessFacts = ({
  runs,
  p50_ms,
  p99_ms,
  max_ms,
}: RoutinesSummaryReply['lateness']): readonly (readonly [string, string])[] =>
  runs === 0 ? [] : [[t('Late by (p50, p99, most)'), [p50_ms, p99_ms, max_ms].map(duration).join(', ')]];
