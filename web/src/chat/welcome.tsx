import { t } from '../i18n.ts';
import { say } from './conversation.ts';
import { Setup } from './onboarding/setup.tsx';
import { isSettingUp } from './onboarding/setup-state.ts';

const EXAMPLES = [
  'What can you do for me?',
  'Remember that my sister’s birthday is on 4 May.',
  'Read https://example.com and tell me in two sentences what it says.',
  'Plan a quiet weekend in Lisbon, then save it as lisbon.md.',
];

/** Where nothing was said yet: how to begin. */
export function Welcome() {
  if (isSettingUp.value) return <Setup />;
  return (
    <div class="welcome">
      <img src="/icon.svg" alt="" width="48" height="48" />
      <h2>{t('What shall we do?')}</h2>
      <ul>
        {EXAMPLES.map((example) => (
          <li key={example}>
            <button type="button" onClick={() => say(t(example), 'auto')}>
              {t(example)}
            </button>
          </li>
        ))}
      </ul>
    </div>
  );
}
