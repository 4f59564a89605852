import { Sparkles, Undo2 } from 'lucide-preact';
import { useState } from 'preact/hooks';
import type { MemoryStepsReply, MemoryTidyReply, MemoryUndoReply } from '../../../../src/core/api/memory.ts';
import { api } from '../../api.ts';
import { t } from '../../i18n.ts';
import { Badge, Button, Sheet, Time, toast, toastError } from '../../ui/index.ts';
import { useLoaded } from '../loaded.ts';
import { Shown } from '../shown.tsx';

interface TidySheetProps {
  onClose(): void;
  onChange(): void;
}

type Step = MemoryTidyReply['steps'][number];

const LATEST = 50;

/** Tidying: what it would do now, doing it, and undoing what it did. */
export function TidySheet({ onClose, onChange }: TidySheetProps) {
  const done = useLoaded('steps', (signal) =>
    api<MemoryStepsReply>('/api/memory/steps', { query: { limit: LATEST }, signal }),
  );
  const changed = () => {
    done.again();
    onChange();
  };
  return (
    <Sheet open title={t('Tidy memory')} onClose={onClose}>
      <div class="stack">
        <p class="place-lead">
          {t(
            'Every night what is said twice is merged, and what is old, unused and unimportant is folded or removed. What you wrote yourself stays.',
          )}
        </p>
        <Now onChange={changed} />
        <h3>{t('Done so far')}</h3>
        <Shown of={done} lines={4}>
          {({ steps }) =>
            steps.length === 0 ? (
              <p class="place-lead">{t('Nothing was tidied yet.')}</p>
            ) : (
              <ul class="memory-steps">
                {steps.map((step) => (
                  <li key={step.id}>
                    <StepView step={step} onUndone={changed} />
                  </li>
                ))}
              </ul>
            )
          }
        </Shown>
      </div>
    </Sheet>
  );
}

/** Looks before it does. */
function Now({ onChange }: { onChange(): void }) {
  const [planned, plan] = useState<MemoryTidyReply>();
  const [isBusy, setBusy] = useState(false);
  const run = (dry_run: boolean) => {
    setBusy(true);
    api<MemoryTidyReply>('/api/memory/tidy', { body: { dry_run } })
      .then((reply) => {
        if (dry_run) return plan(reply);
        plan(undefined);
        toast({ text: reply.busy ?? t('Tidied, in {count} steps.', { count: reply.steps.length }) });
        onChange();
      })
      .catch(toastError)
      .finally(() => setBusy(false));
  };
  if (planned === undefined)
    return (
      <Button icon={Sparkles} busy={isBusy} onClick={() => run(true)}>
        {t('Look what there is to tidy')}
      </Button>
    );
  if (planned.busy !== undefined) return <p class="memory-note">{planned.busy}</p>;
  if (planned.steps.length === 0)
    return <p class="memory-note">{t('All is tidy. There is nothing to do.')}</p>;
  return (
    <div class="stack">
      <ul class="memory-steps">
        {planned.steps.map((step) => (
          <li key={`${step.action} ${step.paths.join()} ${step.reason}`}>
            <StepView step={step} />
          </li>
        ))}
      </ul>
      <Button variant="primary" icon={Sparkles} busy={isBusy} onClick={() => run(false)}>
        {t('Tidy now')}
      </Button>
    </div>
  );
}

interface StepViewProps {
  readonly step: Step;
  /** Absent: it is not done yet. */
  readonly onUndone?: () => void;
}

function StepView({ step, onUndone }: StepViewProps) {
  const [isBusy, setBusy] = useState(false);
  const undo = () => {
    setBusy(true);
    api<MemoryUndoReply>('/api/memory/undo', { body: { step_id: step.id } })
      .then(({ undone, message }) => {
        toast({ text: message, kind: undone ? 'good' : 'bad' });
        onUndone?.();
      })
      .catch(toastError)
      .finally(() => setBusy(false));
  };
  return (
    <div class="memory-step">
      <span class="row">
        <Badge>{actionName(step.action)}</Badge>
        {onUndone && (
          <span class="quiet small">
            <Time at={step.at} />
          </span>
        )}
        {step.undone && <Badge kind="warn">{t('undone')}</Badge>}
      </span>
      <p>{step.reason}</p>
      <p class="quiet small memory-step-paths">{step.paths.join(' · ')}</p>
      {onUndone && !step.undone && (
        <Button tiny icon={Undo2} busy={isBusy} onClick={undo}>
          {t('Undo')}
        </Button>
      )}
    </div>
  );
}

function actionName(action: Step['action']): string {
  if (action === 'merge') return t('merged');
  if (action === 'fold') return t('folded');
  return action === 'evict' ? t('removed') : t('expired');
}
