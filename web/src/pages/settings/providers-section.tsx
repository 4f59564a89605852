import { FlaskConical } from 'lucide-preact';
import { useState } from 'preact/hooks';
import type {
  LlmProvider,
  LlmProvidersReply,
  LlmStatusReply,
  LlmTestReply,
} from '../../../../src/core/api/llm.ts';
import { api } from '../../api.ts';
import { duration } from '../../format.ts';
import { t } from '../../i18n.ts';
import { Badge, Button, Card, Select, toast, toastError } from '../../ui/index.ts';
import { type Loading, useLoaded } from '../loaded.ts';
import { Shown } from '../shown.tsx';
import { ModelDialog } from './model-dialog.tsx';
import { ProviderCard } from './provider-card.tsx';

/** Which models answer, and where they come from. */
export function ProvidersSection() {
  const status = useLoaded('status', (signal) => api<LlmStatusReply>('/api/llm/status', { signal }));
  const providers = useLoaded('providers', (signal) =>
    api<LlmProvidersReply>('/api/llm/providers', { signal }),
  );
  const [choosing, choose] = useState<LlmProvider>();
  const changed = () => {
    status.again();
    providers.again();
  };
  return (
    <>
      <InUse status={status} onChange={changed} />
      <h2>{t('Providers')}</h2>
      <Shown of={providers} lines={8}>
        {({ providers }) => (
          <ul class="model-providers">
            {[...providers].sort(byReadiness).map((provider) => (
              <li key={provider.name}>
                <ProviderCard provider={provider} onChange={changed} onChoose={() => choose(provider)} />
              </li>
            ))}
          </ul>
        )}
      </Shown>
      {choosing && <ModelDialog provider={choosing} onClose={() => choose(undefined)} onChosen={changed} />}
    </>
  );
}

/** What is used first, then what could be, then the rest. */
const rank = ({ current, available, configured }: LlmProvider): number =>
  current ? 0 : available && configured ? 1 : available ? 2 : configured ? 3 : 4;
const byReadiness = (a: LlmProvider, b: LlmProvider): number =>
  rank(a) - rank(b) || a.label.localeCompare(b.label);

interface InUseProps {
  readonly status: Loading<LlmStatusReply>;
  onChange(): void;
}

function InUse({ status, onChange }: InUseProps) {
  return (
    <Card title={t('In use')} actions={<TestButton />}>
      <Shown of={status} lines={3}>
        {(now) => (
          <div class="stack">
            <Models title={t('Answers')} models={now.main} />
            {now.cheap.length > 0 && <Models title={t('Summaries and the like')} models={now.cheap} />}
            <div class="model-choices">
              <Thinking now={now.thinking} onChange={onChange} />
              {now.chosen && (
                <Button variant="ghost" onClick={() => void use('default').then(onChange, toastError)}>
                  {t('Back to what the configuration says')}
                </Button>
              )}
            </div>
            <p class="quiet small">
              {t('Calls: {running} running, {waiting} waiting; at most {most} at once.', {
                running: now.running,
                waiting: now.waiting,
                most: now.max_concurrent,
              })}
            </p>
          </div>
        )}
      </Shown>
    </Card>
  );
}

const use = (reference: string): Promise<LlmStatusReply> =>
  api<LlmStatusReply>('/api/llm/use', { body: { reference } });

interface ModelsProps {
  readonly title: string;
  readonly models: LlmStatusReply['main'];
}

/** In the order in which they are asked. */
function Models({ title, models }: ModelsProps) {
  return (
    <div>
      <h3 class="quiet small">{title}</h3>
      <ol class="model-order">
        {models.map(({ reference, state, last_failure }) => (
          <li key={reference}>
            <span class="row">
              <strong class="mono">{reference}</strong>
              <ModelState state={state} />
            </span>
            {last_failure !== null && <p class="quiet small">{last_failure}</p>}
          </li>
        ))}
      </ol>
    </div>
  );
}

function ModelState({ state }: { readonly state: string }) {
  if (state === 'closed') return <Badge kind="good">{t('well')}</Badge>;
  if (state === 'open') return <Badge kind="bad">{t('fails, left alone for now')}</Badge>;
  if (state === 'halfOpen') return <Badge kind="warn">{t('being tried again')}</Badge>;
  return <Badge>{t('not asked yet')}</Badge>;
}

function Thinking({ now, onChange }: { readonly now: string | null; onChange(): void }) {
  const set = (level: string) =>
    api<LlmStatusReply>('/api/llm/thinking', { body: { level } })
      .then(() => {
        toast({ text: t('Counts from the next call on.') });
        onChange();
      })
      .catch(toastError);
  return (
    <Select
      label={t('Thinks before it answers')}
      value={now ?? 'default'}
      onChange={(level) => void set(level)}
      options={[
        { value: 'default', label: t('as the model is set up') },
        { value: 'off', label: t('not at all') },
        { value: 'low', label: t('a little') },
        { value: 'medium', label: t('some') },
        { value: 'high', label: t('much') },
      ]}
    />
  );
}

/** One tiny call to the model that is used. */
function TestButton() {
  const [result, setResult] = useState<LlmTestReply>();
  const [isBusy, setBusy] = useState(false);
  const run = () => {
    setBusy(true);
    setResult(undefined);
    api<LlmTestReply>('/api/llm/test_connection', { body: {} })
      .then(setResult, toastError)
      .finally(() => setBusy(false));
  };
  return (
    <>
      {result && <TestResult result={result} />}
      <Button icon={FlaskConical} busy={isBusy} onClick={run}>
        {isBusy ? t('Asking…') : t('Test')}
      </Button>
    </>
  );
}

export function TestResult({ result }: { readonly result: LlmTestReply }) {
  const { ok, ms, message } = result;
  return (
    <span role="status">
      <Badge kind={ok ? 'good' : 'bad'} title={message ?? ''}>
        {ok ? t('answered in {time}', { time: duration(ms ?? 0) }) : t('failed')}
      </Badge>
      {!ok && <span class="small"> {message}</span>}
    </span>
  );
}
