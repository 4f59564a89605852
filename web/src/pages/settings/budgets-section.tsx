import { t } from '../../i18n.ts';
import { Shown } from '../shown.tsx';
import { SettingRow } from './setting-row.tsx';
import type { SettingsStore } from './store.ts';

/** What models may cost. */
export function BudgetsSection({ store }: { readonly store: SettingsStore }) {
  const titles: Readonly<Record<string, string>> = {
    'budget.day_usd': t('One day'),
    'budget.month_usd': t('One month'),
    'budget.conversation_usd': t('One conversation'),
    'budget.turn_usd': t('One turn'),
    'budget.agent_usd': t('One agent'),
  };
  return (
    <>
      <p class="place-lead">
        {t('In US dollars; 0 is no limit. Where a limit is reached, the assistant says so and asks.')}{' '}
        <a href="/usage">{t('What was spent')}</a>
      </p>
      <Shown of={store.loading} lines={6}>
        {({ settings }) => (
          <div class="settings-list">
            {settings
              .filter(({ key }) => key.startsWith('budget.'))
              .map((setting) => (
                <SettingRow
                  key={setting.key}
                  setting={setting}
                  store={store}
                  title={titles[setting.key] ?? setting.key}
                />
              ))}
          </div>
        )}
      </Shown>
    </>
  );
}
