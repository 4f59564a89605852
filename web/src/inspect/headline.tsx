import { duration } from '../format.ts';
import { t } from '../i18n.ts';
import { serverNow, transitions, tree, treeAt } from './feed.ts';
import type { Saying } from './saying.ts';
import { useNow } from './ticking.ts';
import { nodeAt } from './tree-walk.ts';

export interface HeadlineProps {
  readonly told: readonly Saying[];
  readonly chosen: string | undefined;
  onChoose(path: string): void;
}

/** What goes on, in a sentence; with several turns at once, one each. */
export function Headline({ told, chosen, onChoose }: HeadlineProps) {
  return (
    <div class="headline" role="status">
      {told.slice(0, 4).map((saying) => (
        <Sentence
          key={saying.path ?? saying.mood}
          saying={saying}
          isChosen={saying.path === chosen}
          onChoose={onChoose}
        />
      ))}
      {told.length > 4 && <span class="quiet">{t('and {count} more', { count: told.length - 4 })}</span>}
    </div>
  );
}

interface SentenceProps {
  readonly saying: Saying;
  readonly isChosen: boolean;
  onChoose(path: string): void;
}

function Sentence({ saying, isChosen, onChoose }: SentenceProps) {
  const { mood, text, path, conversationId } = saying;
  return (
    <div class={`sentence ${mood} ${isChosen ? 'chosen' : ''}`}>
      <i class="pulse" aria-hidden="true" />
      {path === undefined ? (
        <p>{text}</p>
      ) : (
        <button type="button" class="sentence-text" onClick={() => onChoose(path)}>
          {text}
        </button>
      )}
      {path !== undefined && <Elapsed path={path} />}
      {conversationId !== undefined && (
        <a class="button tiny" href={`/chat/${encodeURIComponent(conversationId)}`}>
          {mood === 'you' ? t('Answer') : t('Open')}
        </a>
      )}
    </div>
  );
}

/** How long it has stood where it stands. */
function Elapsed({ path }: { readonly path: string }) {
  const now = useNow();
  const moved = transitions.value.findLast(({ actor, from, to }) => actor === path && from !== to)?.at;
  const age = nodeAt(tree.value, path)?.ageMs;
  const since = moved ?? (age === undefined ? serverNow() : treeAt.value - age);
  return <span class="elapsed quiet">{duration(Math.max(0, now - since))}</span>;
}
