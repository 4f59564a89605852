import { Monitor, Moon, Sun } from 'lucide-preact';
import { language, motion, type TextSize, type Theme, textSize, theme } from '../../appearance.ts';
import { LANGUAGES, t } from '../../i18n.ts';
import { Select } from '../../ui/index.ts';

/** How this page looks, in this browser. Counts at once. */
export function AppearanceSection() {
  return (
    <div class="stack settings-narrow">
      <ThemeChoice />
      <Select
        label={t('Size of text')}
        value={textSize.value}
        onChange={(value) => {
          textSize.value = sizeOf(value);
        }}
        options={[
          { value: 'small', label: t('small') },
          { value: 'normal', label: t('normal') },
          { value: 'large', label: t('large') },
        ]}
      />
      <Select
        label={t('Motion')}
        value={motion.value}
        onChange={(value) => {
          motion.value = value === 'less' || value === 'full' ? value : 'system';
        }}
        options={[
          { value: 'system', label: t('as the system says') },
          { value: 'less', label: t('less') },
          { value: 'full', label: t('full') },
        ]}
      />
      <Select
        label={t('Language')}
        value={language.value}
        onChange={(value) => {
          language.value = value;
        }}
        options={Object.entries(LANGUAGES).map(([value, label]) => ({ value, label }))}
      />
      <p class="quiet small">
        {t(
          'Images from elsewhere are never loaded by themselves: whoever owns them would learn that you look at them. They are shown as links.',
        )}
      </p>
    </div>
  );
}

const sizeOf = (value: string): TextSize => (value === 'small' || value === 'large' ? value : 'normal');

function ThemeChoice() {
  const choices: readonly (readonly [Theme, string, typeof Sun])[] = [
    ['system', t('As the system'), Monitor],
    ['light', t('Light'), Sun],
    ['dark', t('Dark'), Moon],
  ];
  return (
    <fieldset class="settings-themes">
      <legend>{t('Theme')}</legend>
      {choices.map(([value, label, Icon]) => (
        <label key={value} class="settings-theme">
          <input
            type="radio"
            name="theme"
            value={value}
            checked={theme.value === value}
            onChange={() => {
              theme.value = value;
            }}
          />
          <Icon size={20} aria-hidden="true" />
          <span>{label}</span>
        </label>
      ))}
    </fieldset>
  );
}
