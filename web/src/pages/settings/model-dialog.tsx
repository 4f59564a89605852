import { useState } from 'preact/hooks';
import type { LlmListReply, LlmProvider, LlmStatusReply } from '../../../../src/core/api/llm.ts';
import { api } from '../../api.ts';
import { count } from '../../format.ts';
import { t } from '../../i18n.ts';
import { Dialog, TextInput, toast, toastError } from '../../ui/index.ts';
import { useLoaded } from '../loaded.ts';
import { Shown } from '../shown.tsx';

interface ModelDialogProps {
  readonly provider: LlmProvider;
  onClose(): void;
  onChosen(): void;
}

type Model = LlmListReply['models'][number];

/** More are found by their name. */
const MOST_SHOWN = 60;

/** What a provider offers now; one of it is asked from the next call on. */
export function ModelDialog({ provider, onClose, onChosen }: ModelDialogProps) {
  const { name, label } = provider;
  const offered = useLoaded(name, (signal) =>
    api<LlmListReply>('/api/llm/list_models', { body: { provider: name }, signal }),
  );
  const [words, setWords] = useState('');
  const use = ({ reference }: Pick<Model, 'reference'>) =>
    api<LlmStatusReply>('/api/llm/use', { body: { reference } })
      .then(() => {
        toast({ text: t('{model} answers from the next call on.', { model: reference }) });
        onClose();
        onChosen();
      })
      .catch(toastError);
  return (
    <Dialog open title={t('Models of {label}', { label })} onClose={onClose}>
      <div class="stack">
        <TextInput
          type="search"
          label={t('Name')}
          hint={t('A model that is not listed: provider/model, and Enter.')}
          value={words}
          autoFocus
          onInput={setWords}
          onKeyDown={({ key }) => {
            if (key === 'Enter' && words.trim() !== '')
              void use({ reference: referenceOf(words.trim(), name) });
          }}
        />
        <Shown of={offered} lines={6}>
          {({ models }) => (
            <Offers
              models={models.filter((model) => fits(model, words))}
              onUse={(model) => void use(model)}
            />
          )}
        </Shown>
      </div>
    </Dialog>
  );
}

const referenceOf = (words: string, provider: string): string =>
  words.includes('/') ? words : `${provider}/${words}`;

function fits({ reference, title }: Model, words: string): boolean {
  const text = `${reference} ${title ?? ''}`.toLowerCase();
  return words
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}

function Offers({ models, onUse }: { readonly models: readonly Model[]; onUse(model: Model): void }) {
  if (models.length === 0) return <p class="place-lead">{t('No model fits.')}</p>;
  return (
    <>
      <ul class="model-offers">
        {models.slice(0, MOST_SHOWN).map((model) => (
          <li key={model.reference}>
            <button type="button" class="model-offer" onClick={() => onUse(model)}>
              <span class="mono">{model.reference}</span>
              {model.context_tokens !== null && (
                <span class="quiet small">{t('{count} tokens', { count: count(model.context_tokens) })}</span>
              )}
            </button>
          </li>
        ))}
      </ul>
      {models.length > MOST_SHOWN && (
        <p class="quiet small">
          {t('{count} more: type a part of the name.', { count: models.length - MOST_SHOWN })}
        </p>
      )}
    </>
  );
}
