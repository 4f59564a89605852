import { effect } from '@preact/signals';
import { LANGUAGES, speak } from './i18n.ts';
import { kept } from './kept.ts';

export type Theme = 'system' | 'light' | 'dark';
export type TextSize = 'small' | 'normal' | 'large';
export type Motion = 'system' | 'less' | 'full';

/** How this browser shows the page. Each is a signal that outlives the page: set `.value` to change it. */
export const theme = kept<Theme>('theme', (stored) =>
  stored === 'light' || stored === 'dark' ? stored : 'system',
);
export const textSize = kept<TextSize>('text-size', (stored) =>
  stored === 'small' || stored === 'large' ? stored : 'normal',
);
export const motion = kept<Motion>('motion', (stored) =>
  stored === 'less' || stored === 'full' ? stored : 'system',
);
export const language = kept('language', (stored) =>
  typeof stored === 'string' && Object.hasOwn(LANGUAGES, stored) ? stored : preferredLanguage(),
);

function preferredLanguage(): string {
  const known = navigator.languages
    .map((tag) => tag.slice(0, 2))
    .find((tag) => Object.hasOwn(LANGUAGES, tag));
  return known ?? 'en';
}

/** Resolves when the page speaks the user's language. */
export async function applyAppearance(): Promise<void> {
  const { dataset } = document.documentElement;
  effect(() => {
    dataset.theme = theme.value;
    dataset.size = textSize.value;
    dataset.motion = motion.value;
  });
  const spoken = speak(language.peek());
  let first = true;
  effect(() => {
    const wanted = language.value;
    if (!first) void speak(wanted);
    first = false;
  });
  // A language file that cannot be loaded leaves the page in English.
  await spoken.catch(() => {});
}
