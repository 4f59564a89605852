import { useSignal } from '@preact/signals';
import { Plus, Search, X } from 'lucide-preact';
import { useEffect } from 'preact/hooks';
import type { ConversationSummary, SearchHit } from '../../../src/core/assistant.ts';
import { api } from '../api.ts';
import { visible } from '../format.ts';
import { t } from '../i18n.ts';
import { Button, IconButton, Skeleton } from '../ui/index.ts';
import { current, openNew } from './conversation.ts';
import { conversations, type Mark, markOf } from './conversations.ts';
import { groupByDay } from './group-by-day.ts';

export interface ConversationListProps {
  /** It lies over the conversation, on a phone. */
  readonly isOver: boolean;
  onClose(): void;
}

/** All conversations, by day; or those in which words were said. */
export function ConversationList({ isOver, onClose }: ConversationListProps) {
  const query = useSignal('');
  return (
    <aside class={`chat-list ${isOver ? 'over' : ''}`} aria-label={t('Conversations')}>
      <div class="chat-list-head">
        <Button
          variant="primary"
          icon={Plus}
          onClick={() => {
            openNew();
            onClose();
          }}
        >
          {t('New conversation')}
        </Button>
        {isOver && <IconButton icon={X} label={t('Close')} onClick={onClose} />}
      </div>
      <div class="chat-search">
        <Search size={15} aria-hidden="true" />
        <input
          class="input"
          type="search"
          placeholder={t('Search')}
          aria-label={t('Search conversations')}
          value={query.value}
          onInput={({ currentTarget }) => {
            query.value = currentTarget.value;
          }}
        />
      </div>
      {/* biome-ignore lint/a11y/useKeyWithClickEvents: Enter on a link is a click */}
      <nav class="chat-list-scroll" aria-label={t('Conversations')} onClick={onClose}>
        {query.value.trim() === '' ? <Days /> : <Found query={query.value.trim()} />}
      </nav>
    </aside>
  );
}

function Days() {
  const list = conversations.value;
  if (list === undefined) return <Skeleton lines={5} />;
  if (list.length === 0) return <p class="chat-list-none">{t('Your conversations will be listed here.')}</p>;
  return (
    <>
      {groupByDay(list, new Date()).map(({ day, items }) => (
        <section key={day}>
          <h3>{day}</h3>
          {items.map((summary) => (
            <ConversationLink key={summary.conversationId} summary={summary} />
          ))}
        </section>
      ))}
    </>
  );
}

const MARK_TEXTS: Readonly<Record<NonNullable<Mark>, string>> = {
  asks: 'asks for your approval',
  busy: 'at work',
  unread: 'something new',
};

function ConversationLink({ summary }: { readonly summary: ConversationSummary }) {
  const { conversationId, title } = summary;
  const mark = markOf(summary);
  const isHere = conversationId === current.value;
  return (
    <a
      class={`conversation ${mark ?? ''}`}
      href={`/chat/${encodeURIComponent(conversationId)}`}
      aria-current={isHere ? 'page' : undefined}
      title={title === null ? undefined : visible(title)}
    >
      <span class="grow cut">{visible(title ?? t('Untitled'))}</span>
      {mark && <i role="img" aria-label={t(MARK_TEXTS[mark])} title={t(MARK_TEXTS[mark])} />}
    </a>
  );
}

const TYPING_MS = 200;

function Found({ query }: { readonly query: string }) {
  const hits = useSignal<readonly SearchHit[] | undefined>(undefined);
  useEffect(() => {
    const ending = new AbortController();
    const timer = setTimeout(async () => {
      const { signal } = ending;
      const asked = { query: { q: query, limit: 50 }, signal };
      const answer = await api<{ hits: readonly SearchHit[] }>('/api/search', asked).catch(() => ({
        hits: [],
      }));
      if (!signal.aborted) hits.value = answer.hits;
    }, TYPING_MS);
    return () => {
      clearTimeout(timer);
      ending.abort();
    };
  }, [query]);
  const words = query.toLowerCase();
  const titled = (conversations.value ?? []).filter(({ title }) => title?.toLowerCase().includes(words));
  return (
    <>
      {titled.map((summary) => (
        <ConversationLink key={summary.conversationId} summary={summary} />
      ))}
      {hits.value && hits.value.length > 0 && <h3>{t('Said')}</h3>}
      {hits.value?.map((hit) => (
        <HitLink key={`${hit.conversationId} ${hit.seq}`} hit={hit} />
      ))}
      {hits.value?.length === 0 && titled.length === 0 && <p class="chat-list-none">{t('Nothing found.')}</p>}
    </>
  );
}

function HitLink({ hit }: { readonly hit: SearchHit }) {
  return (
    <a class="conversation hit" href={`/chat/${encodeURIComponent(hit.conversationId)}?at=${hit.seq}`}>
      <span class="cut">{visible(hit.title ?? t('Untitled'))}</span>
      <small>{visible(hit.snippet)}</small>
    </a>
  );
}
