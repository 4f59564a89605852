import { BellRing, Brain, FoldVertical, Info, TriangleAlert, Undo2 } from 'lucide-preact';
import { visible } from '../../format.ts';
import { t } from '../../i18n.ts';
import { Markdown } from '../../ui/index.ts';
import type { NoteRow, NoticeRow, ProblemRow } from '../row.ts';
import { Influence } from './influence.tsx';

const ICONS = {
  compacted: FoldVertical,
  expanded: Undo2,
  recalled: Brain,
  nudged: Info,
  told: Info,
} as const;

/** What the conversation's own machinery tells, on a quiet line. */
export function NoteView({ row }: { readonly row: NoteRow }) {
  const Icon = ICONS[row.about];
  const line = (
    <>
      <Icon size={14} aria-hidden="true" /> <span class="cut">{visible(row.text)}</span>
    </>
  );
  if (row.more === '') return <p class="note">{line}</p>;
  return (
    <details class="note">
      <summary>{line}</summary>
      <div class="note-more">
        <Markdown text={visible(row.more)} />
      </div>
    </details>
  );
}

/** Something that the user is told and did not ask for just now. */
export function NoticeView({ row: { text, from, origins } }: { readonly row: NoticeRow }) {
  return (
    <section class="told">
      <small class="told-from">
        <BellRing size={13} aria-hidden="true" /> {t('from {who}', { who: visible(from) })}
      </small>
      <Markdown text={visible(text)} />
      {origins.length > 0 && <Influence text={t('From outside')} origins={origins} />}
    </section>
  );
}

/** What to do about it, where there is something. */
const REMEDIES: Partial<Record<ProblemRow['failure'], { readonly text: string; readonly to: string }>> = {
  unauthorized: { text: 'Check the key', to: '/settings' },
  'no-credit': { text: 'Choose another model', to: '/settings' },
  'unknown-model': { text: 'Choose another model', to: '/settings' },
  budget: { text: 'See the budgets', to: '/usage' },
};

export function ProblemView({ row: { text, failure } }: { readonly row: ProblemRow }) {
  const remedy = REMEDIES[failure];
  return (
    <p class="notice">
      <TriangleAlert size={15} aria-hidden="true" />
      <span>
        {visible(text)} {remedy && <a href={remedy.to}>{t(remedy.text)}</a>}
      </span>
    </p>
  );
}
