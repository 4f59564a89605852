import { inWords } from '../../../src/core/chart/words.ts';
import { visible } from '../format.ts';
import { t } from '../i18n.ts';
import { EmptyState } from '../ui/index.ts';
import { messages } from './feed.ts';

const SHOWN = 60;
const nameOf = (path: string): string => path.split('/').slice(-1)[0] ?? path;

/** What actors tell each other, as it happens; of one actor where one is chosen. */
export function Messages({ path }: { readonly path: string | undefined }) {
  const own = messages.value.filter(({ from, to }) => path === undefined || from === path || to === path);
  if (own.length === 0) {
    return (
      <EmptyState title={t('Nothing was said yet')}>
        <p>{t('Messages to and from this actor show here while this page is open.')}</p>
      </EmptyState>
    );
  }
  return (
    <div class="panel-body">
      <ol class="lines">
        {own
          .slice(-SHOWN)
          .reverse()
          .map(({ seq, from, to, event, preview, origins = [] }) => (
            <li key={seq} title={visible(`${from ?? t('outside')} → ${to}\n${preview}`)}>
              <span class="quiet">
                {from === null ? t('outside') : nameOf(from)} → {nameOf(to)}
              </span>{' '}
              <b>{inWords(event)}</b>
              {origins.length > 0 && <span title={origins.join(', ')}> ⚑</span>}
            </li>
          ))}
      </ol>
    </div>
  );
}
