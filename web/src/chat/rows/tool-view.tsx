import { useSignal } from '@preact/signals';
import {
  Ban,
  Check,
  ChevronRight,
  CircleHelp,
  LoaderCircle,
  type LucideIcon,
  ShieldAlert,
  X,
} from 'lucide-preact';
import { duration, visible } from '../../format.ts';
import { t } from '../../i18n.ts';
import { CodeBlock } from '../../ui/index.ts';
import { ArgumentList } from '../arguments.tsx';
import { intentOf } from '../intent.ts';
import type { ToolRow } from '../row.ts';
import { Influence } from './influence.tsx';

const STATES: Readonly<Record<ToolRow['state'], { readonly icon: LucideIcon; readonly text: string }>> = {
  running: { icon: LoaderCircle, text: 'running …' },
  succeeded: { icon: Check, text: 'succeeded' },
  failed: { icon: X, text: 'failed' },
  refused: { icon: Ban, text: 'refused' },
  unknown: { icon: CircleHelp, text: 'unknown: it may or may not have happened' },
  abandoned: { icon: Ban, text: 'abandoned' },
};

/** One line: what was called, to what end, how it went and how long it took. All of it when opened. */
export function ToolView({ row }: { readonly row: ToolRow }) {
  const isOpen = useSignal(false);
  const { icon: Icon, text } = STATES[row.state];
  const time = row.durationMs === undefined ? '' : duration(row.durationMs);
  return (
    <details
      class={`tool ${row.state}`}
      onToggle={({ currentTarget }) => {
        isOpen.value = currentTarget.open;
      }}
    >
      <summary>
        <Icon size={15} class="tool-state" aria-hidden="true" />
        <b>{visible(row.tool)}</b>
        <span class="tool-intent cut">{visible(intentOf(row))}</span>
        {row.origins.length > 0 && (
          <ShieldAlert
            size={15}
            class={`tool-outside ${row.warnings.length > 0 ? 'warned' : ''}`}
            aria-label={t('From outside: {who}', { who: row.origins.map(visible).join(', ') })}
          />
        )}
        <span class="unseen">{t(text)}</span>
        <span class="tool-time">
          {row.state === 'succeeded' || row.state === 'running' ? time : t(text.split(':')[0] ?? '')}
        </span>
        <ChevronRight size={14} class="tool-turn" aria-hidden="true" />
      </summary>
      {isOpen.value && <ToolDetails row={row} />}
      {row.origins.length > 0 && (
        <Influence text={t('From outside')} origins={row.origins} warnings={row.warnings} />
      )}
    </details>
  );
}

function ToolDetails({ row }: { readonly row: ToolRow }) {
  return (
    <div class="tool-details">
      <ArgumentList tool={row.tool} values={row.arguments} />
      {row.content !== '' && (
        <>
          <h3>{row.state === 'succeeded' ? t('Result') : t('What went wrong')}</h3>
          <CodeBlock code={visible(row.content)} language={languageOf(row)} />
        </>
      )}
    </div>
  );
}

function languageOf({ tool, content }: ToolRow): string | undefined {
  if (tool === 'apply_patch' || /^(diff --git|--- )/m.test(content)) return 'diff';
  return /^\s*[[{]/.test(content) ? 'json' : undefined;
}
