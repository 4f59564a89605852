import { Play } from 'lucide-preact';
import { useEffect, useState } from 'preact/hooks';
import type { RoutineInfo } from '../../../../src/core/api/routines.ts';
import { count } from '../../format.ts';
import { t } from '../../i18n.ts';
import { Badge, IconButton, Table, Time } from '../../ui/index.ts';
import { addressOf, runNow, turn } from './actions.ts';
import { dayAndTime, stateOf } from './words.ts';

interface RoutineTableProps {
  readonly routines: readonly RoutineInfo[];
  onChange(): void;
}

export function RoutineTable({ routines, onChange }: RoutineTableProps) {
  return (
    <Table
      caption={t('Routines')}
      rows={routines}
      rowKey={({ id }) => id}
      columns={[
        { key: 'name', head: t('Routine'), cell: (routine) => <Name routine={routine} /> },
        { key: 'state', head: t('State'), cell: (routine) => <State routine={routine} /> },
        { key: 'when', head: t('When'), cell: When },
        { key: 'next', head: t('Next'), cell: (routine) => <Next routine={routine} /> },
        { key: 'last', head: t('Last'), cell: (routine) => <Last routine={routine} /> },
        { key: 'runs', head: t('Runs'), end: true, cell: ({ run_count }) => count(run_count) },
        { key: 'acts', head: t('On'), cell: (routine) => <Acts routine={routine} onChange={onChange} /> },
      ]}
    />
  );
}

interface RoutineProps {
  readonly routine: RoutineInfo;
}

function Name({ routine: { id, name, action_summary } }: RoutineProps) {
  return (
    <div class="routine-name">
      <a href={addressOf(id)}>
        <strong>{name}</strong>
      </a>
      <span class="quiet small cut">{action_summary}</span>
    </div>
  );
}

const When = ({ trigger_summary }: RoutineInfo) => <span class="routine-when">{trigger_summary}</span>;

function Next({ routine: { next_fire_at } }: RoutineProps) {
  return <span class="place-moment">{next_fire_at === undefined ? '—' : dayAndTime(next_fire_at)}</span>;
}

function Last({ routine: { last_run_at } }: RoutineProps) {
  return <span class="place-moment">{last_run_at === undefined ? '—' : <Time at={last_run_at} />}</span>;
}

export function State({ routine }: RoutineProps) {
  const { text, kind } = stateOf(routine);
  return (
    <Badge kind={kind} {...(routine.disabled_reason !== undefined && { title: routine.disabled_reason })}>
      {text}
    </Badge>
  );
}

function Acts({ routine, onChange }: RoutineProps & { onChange(): void }) {
  const { name, enabled } = routine;
  const [isOn, setOn] = useWanted(enabled);
  return (
    <div class="row routine-acts">
      <label class="toggle">
        <input
          type="checkbox"
          role="switch"
          aria-label={t('{name} is on', { name })}
          aria-checked={isOn}
          checked={isOn}
          onChange={({ currentTarget }) => {
            setOn(currentTarget.checked);
            turn(routine, currentTarget.checked, onChange, () => setOn(enabled));
          }}
        />
      </label>
      <IconButton
        icon={Play}
        label={t('Run {name} now', { name })}
        onClick={() => runNow(routine, onChange)}
      />
    </div>
  );
}

/** What the user wants, until the server says what is. */
export function useWanted(is: boolean): readonly [boolean, (wanted: boolean) => void] {
  const [wanted, want] = useState(is);
  useEffect(() => want(is), [is]);
  return [wanted, want];
}
