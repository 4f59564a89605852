import { Copy } from 'lucide-preact';
import { cost, count, duration } from '../../format.ts';
import { t } from '../../i18n.ts';
import { IconButton, Markdown } from '../../ui/index.ts';
import type { AnswerRow, TurnEnd } from '../row.ts';
import { copy, TraceLink } from './user-view.tsx';

export function AnswerView({ row }: { readonly row: AnswerRow }) {
  const text = row.draft ? row.draft.value : row.text;
  const { end } = row;
  return (
    <div class="turn-part">
      <div class={`message assistant ${row.draft ? 'writing' : ''}`}>
        <Markdown text={text} />
      </div>
      {end && end.finish !== 'answered' && <FinishMark finish={end.finish} />}
      {end && (
        <div class="actions">
          <IconButton tiny icon={Copy} label={t('Copy')} onClick={() => void copy(row.text)} />
          <TraceLink turnId={row.turnId} />
          <EndLine end={end} />
        </div>
      )}
    </div>
  );
}

const FINISHES = {
  answered: '',
  failed: 'failed',
  interrupted: 'interrupted',
  limited: 'stopped at a limit',
} as const;

function FinishMark({ finish }: { readonly finish: TurnEnd['finish'] }) {
  return <small class={`finish ${finish}`}>{t(FINISHES[finish])}</small>;
}

/** What the turn took: model, tokens, money, time. */
function EndLine({ end: { usage, costMicroUsd, durationMs, models } }: { readonly end: TurnEnd }) {
  const tokens = usage.inputTokens + usage.outputTokens;
  const parts = [
    models.at(-1),
    tokens > 0 ? t('{count} tokens', { count: count(tokens) }) : undefined,
    costMicroUsd ? cost(costMicroUsd) : undefined,
    durationMs > 0 ? duration(durationMs) : undefined,
  ];
  return <span class="quiet">{parts.filter(Boolean).join(' · ')}</span>;
}
