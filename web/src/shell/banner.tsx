import { CloudOff } from 'lucide-preact';
import { connection, retryNow } from '../connection.ts';
import { t } from '../i18n.ts';
import { Button } from '../ui/index.ts';

/** Where the server is away: when it is tried again. What is written meanwhile is kept. */
export function Banner() {
  const state = connection.value;
  if (state.is !== 'waiting') return null;
  return (
    <div class="banner" role="status">
      <CloudOff size={16} aria-hidden="true" />
      <span class="grow">
        {t('Reconnecting in {seconds} s', { seconds: state.seconds })}
        <span class="banner-more"> · {t('What you send is kept and sent then.')}</span>
      </span>
      <Button tiny onClick={retryNow}>
        {t('Try now')}
      </Button>
    </div>
  );
}
