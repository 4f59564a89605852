import { useSignal } from '@preact/signals';
import { ArrowLeft, Check, KeyRound } from 'lucide-preact';
import { useEffect } from 'preact/hooks';
import type { LlmProvider, LlmProvidersReply } from '../../../../src/core/api/llm.ts';
import type { ModelOffer } from '../../../../src/core/models.ts';
import { api } from '../../api.ts';
import { isConnected, request } from '../../connection.ts';
import { t } from '../../i18n.ts';
import { Badge, Button, Problem, Select, Skeleton, TextInput, toast } from '../../ui/index.ts';
import { chosenModel, isPostponed } from './setup-state.ts';

/** From nothing to a first answer: whose model, the key, a test, done. */
export function Setup() {
  const providers = useSignal<readonly LlmProvider[] | undefined>(undefined);
  const error = useSignal<unknown>(undefined);
  const chosen = useSignal<LlmProvider | undefined>(undefined);
  const load = async () => {
    try {
      error.value = undefined;
      providers.value = (await api<LlmProvidersReply>('/api/llm/providers')).providers;
    } catch (problem) {
      error.value = problem;
    }
  };
  useEffect(() => void load(), []);
  return (
    <section class="setup" aria-label={t('Set up a language model')}>
      <img src="/icon.svg" alt="" width="48" height="48" />
      <h2>{t('Welcome to Ironbark')}</h2>
      {chosen.value ? (
        <ProviderSetup
          provider={chosen.value}
          onBack={() => {
            chosen.value = undefined;
          }}
        />
      ) : (
        <>
          <p class="quiet">{t('Choose a language model. Your key stays on your machine, encrypted.')}</p>
          {error.value !== undefined && <Problem error={error.value} retry={() => void load()} />}
          {!providers.value && error.value === undefined && <Skeleton lines={5} />}
          {providers.value && (
            <ProviderList
              providers={providers.value}
              onChoose={(provider) => {
                chosen.value = provider;
              }}
            />
          )}
          <Button
            variant="ghost"
            onClick={() => {
              isPostponed.value = true;
            }}
          >
            {t('Look around first')}
          </Button>
        </>
      )}
    </section>
  );
}

interface ProviderListProps {
  readonly providers: readonly LlmProvider[];
  onChoose(provider: LlmProvider): void;
}

function ProviderList({ providers, onChoose }: ProviderListProps) {
  const real = providers.filter(({ name }) => name !== 'offline');
  const sorted = real.toSorted((a, b) => rankOf(a) - rankOf(b));
  const isAll = useSignal(false);
  const hidden = isAll.value ? 0 : sorted.length - FEW;
  return (
    <ul class="providers">
      {sorted.slice(0, isAll.value ? undefined : FEW).map((provider) => (
        <li key={provider.name}>
          <button type="button" onClick={() => onChoose(provider)}>
            <span class="grow cut">{provider.label}</span>
            {provider.key_is_set && <Badge kind="good">{t('key found')}</Badge>}
            {provider.local && <Badge kind="info">{t('on this machine')}</Badge>}
          </button>
        </li>
      ))}
      {hidden > 0 && (
        <li>
          <button
            type="button"
            onClick={() => {
              isAll.value = true;
            }}
          >
            {t('{count} more…', { count: hidden })}
          </button>
        </li>
      )}
    </ul>
  );
}

/** So many, and the way to the others, are seen without scrolling. */
const FEW = 7;

/** Those that can answer at once first; last what needs more than a key. */
function rankOf({ key_is_set, base_url }: LlmProvider): number {
  if (key_is_set) return 0;
  return base_url === null ? 2 : 1;
}

type Step = 'key' | 'testing' | 'model';

function ProviderSetup({ provider, onBack }: { readonly provider: LlmProvider; onBack(): void }) {
  const needsKey =
    provider.key_secret !== null && !provider.key_is_set && (provider.key_required || !provider.local);
  const step = useSignal<Step>(needsKey ? 'key' : 'testing');
  const key = useSignal('');
  const problem = useSignal<string | undefined>(undefined);
  const offers = useSignal<readonly ModelOffer[]>([]);
  const model = useSignal('');

  const test = async () => {
    step.value = 'testing';
    problem.value = undefined;
    const failure = await tryOut(provider, key.peek().trim());
    if (failure !== undefined) {
      problem.value = failure;
      step.value = 'key';
      return;
    }
    const asked = { type: 'model-list', provider: provider.name } as const;
    offers.value = await request('models-listed', asked).then(
      (answer) => answer.offers,
      () => [],
    );
    model.value = usualOf(provider, offers.peek());
    step.value = 'model';
  };
  useEffect(() => {
    if (!needsKey) void test();
  }, []);
  const finish = async () => {
    try {
      const { status } = await request('models', { type: 'model-use', reference: model.peek() });
      chosenModel.value = status.main[0]?.reference;
      toast({ text: t('Ready. Say something.') });
    } catch (error) {
      problem.value = error instanceof Error ? error.message : String(error);
    }
  };
  return (
    <form
      class="setup-form"
      onSubmit={(event) => {
        event.preventDefault();
        void (step.value === 'model' ? finish() : test());
      }}
    >
      <header class="row">
        <Button variant="ghost" icon={ArrowLeft} onClick={onBack}>
          {t('Back')}
        </Button>
        <h3>{provider.label}</h3>
      </header>
      {provider.base_url === null && provider.reason !== null && <p class="quiet">{provider.reason}</p>}
      {step.value !== 'model' && provider.key_secret !== null && (
        <TextInput
          label={t('API key')}
          type="password"
          autocomplete="off"
          autoFocus
          disabled={step.value === 'testing'}
          value={key.value}
          onInput={(value) => {
            key.value = value;
          }}
          hint={t('Kept encrypted on the machine where Ironbark runs, and never shown again.')}
        />
      )}
      {problem.value !== undefined && (
        <p class="notice" role="alert">
          {problem.value}
        </p>
      )}
      {step.value === 'model' ? (
        <>
          <p class="row setup-works">
            <Check size={16} aria-hidden="true" /> {t('It answers.')}
          </p>
          <Select
            label={t('Model')}
            value={model.value}
            options={optionsOf(model.value, offers.value)}
            onChange={(value) => {
              model.value = value;
            }}
          />
          <Button type="submit" variant="primary">
            {t('Begin')}
          </Button>
        </>
      ) : (
        <Button
          type="submit"
          variant="primary"
          icon={KeyRound}
          busy={step.value === 'testing'}
          disabled={!isConnected.value}
        >
          {step.value === 'testing' ? t('Testing …') : t('Test')}
        </Button>
      )}
    </form>
  );
}

/** Keeps the key and makes one tiny call; says what went wrong. */
async function tryOut(provider: LlmProvider, key: string): Promise<string | undefined> {
  const { key_secret } = provider;
  try {
    if (key !== '' && key_secret !== null)
      await request('done', { type: 'secret-set', name: key_secret, value: key });
    const { trial } = await request('model-tested', {
      type: 'model-test',
      reference: referenceOf(provider),
    });
    return trial.failure?.message;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** Its usual model; where it has none, the provider itself. */
const referenceOf = ({ name, default_model }: LlmProvider): string =>
  default_model === '' ? name : `${name}/${default_model}`;

function usualOf(provider: LlmProvider, offers: readonly ModelOffer[]): string {
  const usual = referenceOf(provider);
  return provider.default_model === '' ? (offers[0]?.reference ?? usual) : usual;
}

function optionsOf(usual: string, offers: readonly ModelOffer[]) {
  const listed = offers.map(({ reference, title }) => ({ value: reference, label: title ?? reference }));
  return listed.some(({ value }) => value === usual) ? listed : [{ value: usual, label: usual }, ...listed];
}
