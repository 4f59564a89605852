import { useEffect, useState } from 'preact/hooks';
import { t } from '../../i18n.ts';
import { TextInput } from '../../ui/index.ts';

interface SearchBoxProps {
  readonly words: string;
  onWords(words: string): void;
}

/** Who types faster is not searched for. */
const PAUSE_MS = 200;

export function SearchBox({ words, onWords }: SearchBoxProps) {
  const [typed, type] = useState(words);
  useEffect(() => type(words), [words]);
  useEffect(() => {
    if (typed.trim() === words) return;
    const timer = setTimeout(() => onWords(typed.trim()), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [typed]);
  return (
    <TextInput
      type="search"
      label={<span class="unseen">{t('Search memory')}</span>}
      placeholder={t('Search by words and meaning')}
      value={typed}
      onInput={type}
      onKeyDown={({ key }) => key === 'Enter' && onWords(typed.trim())}
    />
  );
}
