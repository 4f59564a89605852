import { SearchX } from 'lucide-preact';
import type { Setting } from '../../../../src/core/api/settings.ts';
import { t } from '../../i18n.ts';
import { EmptyState } from '../../ui/index.ts';
import { Shown } from '../shown.tsx';
import { type Section, sections } from './sections.ts';
import { SettingRow } from './setting-row.tsx';
import type { SettingsStore } from './store.ts';

interface FoundSectionProps {
  readonly words: string;
  readonly store: SettingsStore;
}

/** Everything in the settings that the words fit. */
export function FoundSection({ words, store }: FoundSectionProps) {
  const places = sections().filter((section) => fits(textOf(section), words));
  return (
    <>
      {places.length > 0 && (
        <ul class="settings-found">
          {places.map(({ id, title, about, icon: Icon }) => (
            <li key={id}>
              <a href={`/settings/${id}`} class="settings-found-one">
                <Icon size={18} aria-hidden="true" />
                <span>
                  <strong>{title}</strong>
                  <span class="quiet small">{about}</span>
                </span>
              </a>
            </li>
          ))}
        </ul>
      )}
      <Shown of={store.loading} lines={6}>
        {({ settings }) => {
          const found = settings.filter((setting) => fits(wordsOf(setting), words));
          if (found.length === 0 && places.length === 0)
            return (
              <EmptyState icon={SearchX} title={t('Nothing found')}>
                {t('Settings are found by their names and by what they are about.')}
              </EmptyState>
            );
          return (
            <div class="settings-list">
              {found.map((setting) => (
                <SettingRow key={setting.key} setting={setting} store={store} />
              ))}
            </div>
          );
        }}
      </Shown>
    </>
  );
}

const textOf = ({ title, about, words }: Section): string => `${title} ${about} ${words}`;
const wordsOf = ({ key, description }: Setting): string =>
  `${key} ${key.replaceAll(/[._]/g, ' ')} ${description}`;

/** Each word is somewhere in the text. */
function fits(text: string, words: string): boolean {
  const where = text.toLowerCase();
  return words
    .toLowerCase()
    .split(/\s+/)
    .every((word) => where.includes(word));
}
