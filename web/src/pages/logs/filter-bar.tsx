import type { LogLevel } from '../../../../src/core/api/logs.ts';
import { t } from '../../i18n.ts';
import { Select, TextInput } from '../../ui/index.ts';
import { LEVELS, type LogFilter } from './log-filter.ts';

interface FilterBarProps {
  readonly filter: LogFilter;
  /** Those that have said something. */
  readonly targets: readonly string[];
  onFilter(filter: LogFilter): void;
}

export function FilterBar({ filter, targets, onFilter }: FilterBarProps) {
  const chosen = filter.target !== '' && !targets.includes(filter.target) ? [filter.target] : [];
  return (
    <>
      <div class="grow logs-text">
        <TextInput
          type="search"
          label={t('Find')}
          placeholder={t('Words, a turn, a conversation …')}
          value={filter.text}
          onInput={(text) => onFilter({ ...filter, text })}
        />
      </div>
      <Select
        label={t('Level')}
        value={filter.level}
        onChange={(level) => onFilter({ ...filter, level: asLevel(level) })}
        options={LEVELS.map((value) => ({ value, label: levelName(value) }))}
      />
      <Select
        label={t('Part')}
        value={filter.target}
        onChange={(target) => onFilter({ ...filter, target })}
        options={[
          { value: '', label: t('All parts') },
          ...[...chosen, ...targets].map((value) => ({ value, label: value })),
        ]}
      />
    </>
  );
}

const asLevel = (value: string): LogLevel => LEVELS.find((level) => level === value) ?? 'trace';

function levelName(level: LogLevel): string {
  if (level === 'trace') return t('Everything');
  return level === 'fatal' ? 'fatal' : t('{level} and graver', { level });
}
