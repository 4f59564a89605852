import { visible } from '../../format.ts';
import { t } from '../../i18n.ts';
import { Badge } from '../../ui/index.ts';

const MOST_SHOWN = 3;

/** Whose words, other than the user's, are in it. */
export function Origins({ origins }: { readonly origins: readonly string[] }) {
  if (origins.length === 0) return null;
  const more = origins.length - MOST_SHOWN;
  return (
    <span class="row memory-origins">
      <span class="unseen">{t('Words from outside:')}</span>
      {origins.slice(0, MOST_SHOWN).map((origin) => (
        <Badge key={origin} kind="warn" title={t('Holds words of {origin}', { origin })}>
          <span class="cut">{visible(origin)}</span>
        </Badge>
      ))}
      {more > 0 && (
        <Badge kind="warn" title={origins.slice(MOST_SHOWN).join('\n')}>
          {t('{count} more', { count: more })}
        </Badge>
      )}
    </span>
  );
}
