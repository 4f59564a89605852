import { ArrowLeft, Pencil, Play, Trash2 } from 'lucide-preact';
import { useState } from 'preact/hooks';
import type { RoutineDetail, RoutineReply } from '../../../../src/core/api/routines.ts';
import { api } from '../../api.ts';
import { cost } from '../../format.ts';
import { t } from '../../i18n.ts';
import { go } from '../../route.ts';
import { Button, Card, Dialog, Toggle, toastError } from '../../ui/index.ts';
import { useLoaded } from '../loaded.ts';
import { Shown } from '../shown.tsx';
import { apiOf, runNow, turn } from './actions.ts';
import { DueList } from './due-list.tsx';
import { RoutineForm } from './routine-form.tsx';
import { State, useWanted } from './routine-table.tsx';
import { RunList } from './run-list.tsx';
import { dayAndTime, ownZone } from './words.ts';

interface RoutineDetailViewProps {
  readonly id: string;
  readonly version: number;
  onChange(): void;
}

/** One routine: what it is, when it runs next, what became of its runs and of every due time. */
export function RoutineDetailView({ id, version, onChange }: RoutineDetailViewProps) {
  const loaded = useLoaded(id, (signal) => api<RoutineReply>(apiOf(id), { signal }), version);
  return (
    <div class="stack">
      <a class="row routine-back" href="/routines">
        <ArrowLeft size={16} aria-hidden="true" />
        {t('All routines')}
      </a>
      <Shown of={loaded} lines={8}>
        {({ routine }) => (
          <>
            <Head routine={routine} onChange={onChange} />
            <div class="routine-columns">
              <About routine={routine} />
              <NextTimes routine={routine} />
            </div>
            <RunList id={routine.id} version={version} />
            {routine.trigger_type === 'cron' && <DueList id={routine.id} version={version} />}
          </>
        )}
      </Shown>
    </div>
  );
}

interface HeadProps {
  readonly routine: RoutineDetail;
  onChange(): void;
}

function Head({ routine, onChange }: HeadProps) {
  const [asked, ask] = useState<'edit' | 'delete'>();
  const close = () => ask(undefined);
  const { name, enabled, description, disabled_reason } = routine;
  const [isOn, setOn] = useWanted(enabled);
  return (
    <>
      <div class="spread routine-head">
        <h2 class="row">
          {name} <State routine={routine} />
        </h2>
        <div class="row routine-acts">
          <Toggle
            label={t('On')}
            checked={isOn}
            onChange={(on) => {
              setOn(on);
              turn(routine, on, onChange, () => setOn(enabled));
            }}
          />
          <Button icon={Play} onClick={() => runNow(routine, onChange)}>
            {t('Run now')}
          </Button>
          <Button icon={Pencil} onClick={() => ask('edit')}>
            {t('Edit')}
          </Button>
          <Button variant="danger" icon={Trash2} onClick={() => ask('delete')}>
            {t('Delete')}
          </Button>
        </div>
      </div>
      {description !== '' && <p class="place-lead">{description}</p>}
      {disabled_reason !== undefined && <p class="routine-note">{disabled_reason}</p>}
      {asked === 'edit' && (
        <RoutineForm
          routine={routine}
          onClose={close}
          onSaved={() => {
            close();
            onChange();
          }}
        />
      )}
      {asked === 'delete' && <DeleteDialog routine={routine} onClose={close} onDeleted={onChange} />}
    </>
  );
}

interface DeleteDialogProps {
  readonly routine: RoutineDetail;
  onClose(): void;
  onDeleted(): void;
}

function DeleteDialog({ routine: { id, name }, onClose, onDeleted }: DeleteDialogProps) {
  const [isBusy, setBusy] = useState(false);
  const remove = () => {
    setBusy(true);
    api(apiOf(id), { method: 'DELETE' })
      .then(() => {
        onDeleted();
        go('/routines', { replace: true });
      }, toastError)
      .finally(() => setBusy(false));
  };
  return (
    <Dialog
      open
      title={t('Delete “{name}”?', { name })}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{t('Cancel')}</Button>
          <Button variant="danger" busy={isBusy} onClick={remove}>
            {t('Delete')}
          </Button>
        </>
      }
    >
      <p>{t('It never runs again, and what is known of its runs goes with it. To pause it, turn it off.')}</p>
    </Dialog>
  );
}

const WHILE_RUNNING = {
  single: 'a start is skipped',
  restart: 'it begins anew',
  queued: 'the next waits',
  parallel: 'they run side by side',
} as const;

const CATCH_UP = {
  skip: 'left out',
  once: 'made up for once',
  all: 'made up for one by one',
} as const;

function About({ routine }: { readonly routine: RoutineDetail }) {
  const { action, guardrails, trigger, origins, by, thread_id } = routine;
  return (
    <Card title={t('What it does')} class="grow">
      <p class="routine-prompt">{action.prompt}</p>
      <dl class="routine-facts">
        <dt>{t('When')}</dt>
        <dd>{routine.trigger_summary}</dd>
        {trigger.kind === 'webhook' && <Webhook path={trigger.path} proof={trigger.proof} />}
        <dt>{t('How')}</dt>
        <dd>{action.kind === 'full_job' ? t('as a job of its own') : t('in a few steps')}</dd>
        <dt>{t('While it runs')}</dt>
        <dd>{t(WHILE_RUNNING[guardrails.run_mode])}</dd>
        <dt>{t('Missed times')}</dt>
        <dd>{t(CATCH_UP[guardrails.catch_up])}</dd>
        {(guardrails.day_usd > 0 || routine.spent_today_usd > 0) && <Costs routine={routine} />}
        <dt>{t('Made by')}</dt>
        <dd>
          {by === 'user' ? t('you') : t('the assistant')}
          {origins.length > 0 && ` · ${t('with words from {whom}', { whom: origins.join(', ') })}`}
        </dd>
        {thread_id !== undefined && (
          <>
            <dt>{t('Tells its results')}</dt>
            <dd>
              <a href={`/chat/${encodeURIComponent(thread_id)}`}>{t('in the conversation it comes from')}</a>
            </dd>
          </>
        )}
      </dl>
    </Card>
  );
}

function Costs({ routine: { guardrails, spent_today_usd } }: { readonly routine: RoutineDetail }) {
  const limit = guardrails.day_usd === 0 ? '' : ` / ${cost(guardrails.day_usd * 1e6)}`;
  return (
    <>
      <dt>{t('Costs today')}</dt>
      <dd>{`${cost(spent_today_usd * 1e6)}${limit}`}</dd>
    </>
  );
}

function Webhook({ path, proof }: { readonly path: string; readonly proof: 'secret' | 'hmac' }) {
  return (
    <>
      <dt>{t('Address')}</dt>
      <dd class="mono routine-address">{`POST ${location.origin}/api/webhooks/${path}`}</dd>
      <dt>{t('Proof')}</dt>
      <dd>{proof === 'hmac' ? t('a signature') : t('the secret in the header X-Webhook-Secret')}</dd>
    </>
  );
}

/** In the zone of whoever looks; a schedule of another zone has its own beside it. */
function NextTimes({ routine: { next_times, trigger, enabled } }: { readonly routine: RoutineDetail }) {
  if (trigger.kind !== 'cron') return null;
  const { timezone, schedule } = trigger;
  const isElsewhere = timezone !== '' && timezone !== ownZone();
  return (
    <Card title={t('Next times')}>
      {next_times.length === 0 ? (
        <p class="quiet">{enabled ? t('There are none.') : t('None while it is off.')}</p>
      ) : (
        <ol class="routine-times">
          {next_times.map((at) => (
            <li key={at}>
              {dayAndTime(at)}
              {isElsewhere && (
                <span class="quiet small">
                  {dayAndTime(at, timezone)} {timezone}
                </span>
              )}
            </li>
          ))}
        </ol>
      )}
      <p class="quiet small mono">{schedule}</p>
    </Card>
  );
}
