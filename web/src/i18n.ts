import { signal } from '@preact/signals';

/** A language's texts by their English ones. What is missing is shown in English. */
export type Texts = Readonly<Record<string, string>>;

/** Languages with a file of their own; English needs none, its texts are the keys. */
export const LANGUAGES: Readonly<Record<string, string>> = {
  en: 'English',
  de: 'Deutsch',
  ar: 'العربية',
};

const FILES: Readonly<Record<string, () => Promise<{ readonly texts: Texts }>>> = {
  de: () => import('./languages/de.ts'),
  ar: () => import('./languages/ar.ts'),
};
const RIGHT_TO_LEFT = new Set(['ar', 'he', 'fa', 'ur']);

const texts = signal<Texts>({});

/** `{name}` in a text is replaced by the value of that name. */
export function t(english: string, values: Readonly<Record<string, string | number>> = {}): string {
  const text = texts.value[english] ?? english;
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
}

/** Loads a language and turns the page's direction. Unknown languages are English. */
export async function speak(language: string): Promise<void> {
  const known = FILES[language];
  texts.value = known === undefined ? {} : (await known()).texts;
  document.documentElement.lang = known === undefined ? 'en' : language;
  document.documentElement.dir = RIGHT_TO_LEFT.has(language) ? 'rtl' : 'ltr';
}
