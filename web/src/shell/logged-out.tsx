import { KeyRound } from 'lucide-preact';
import { t } from '../i18n.ts';
import { EmptyState } from '../ui/index.ts';

/** Who is not logged in is told how, and nothing else. */
export function LoggedOut() {
  return (
    <main class="logged-out">
      <EmptyState icon={KeyRound} title={t('You are not logged in')}>
        <p>
          {t(
            'Run “ironbark status” in a terminal on the machine where Ironbark runs, and open the link it prints.',
          )}
        </p>
        <p class="small">{t('The link works once, for this browser.')}</p>
      </EmptyState>
    </main>
  );
}
