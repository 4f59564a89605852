import { useSignal } from '@preact/signals';
import { CornerDownLeft, Search } from 'lucide-preact';
import { useEffect, useRef } from 'preact/hooks';
import { t } from '../i18n.ts';
import { isPaletteOpen, type PaletteCommand, paletteCommands } from '../palette.ts';
import { rank } from './rank.ts';

const close = () => {
  isPaletteOpen.value = false;
};

/** Finds and runs a command: Ctrl/Cmd+K, then words, arrows and Enter. */
export function Palette() {
  return isPaletteOpen.value ? <OpenPalette /> : null;
}

function OpenPalette() {
  const ref = useRef<HTMLDialogElement>(null);
  const query = useSignal('');
  const at = useSignal(0);
  const found = rank(paletteCommands.value, query.value);
  const chosen = Math.min(at.value, found.length - 1);
  useEffect(() => ref.current?.showModal(), []);
  useEffect(() => {
    ref.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: 'nearest' });
  });
  const run = (command: PaletteCommand | undefined) => {
    if (!command) return;
    close();
    command.run();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (step !== 0 && found.length > 0) at.value = (chosen + step + found.length) % found.length;
    else if (event.key === 'Enter' && !event.isComposing) run(found[chosen]);
    else return;
    event.preventDefault();
  };
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: Escape does the same
    <dialog
      ref={ref}
      class="dialog palette"
      aria-label={t('Search and commands')}
      onClose={close}
      onClick={({ target }) => target === ref.current && close()}
    >
      <div class="palette-input">
        <Search size={18} aria-hidden="true" />
        <input
          type="text"
          role="combobox"
          aria-expanded="true"
          aria-controls="palette-list"
          aria-activedescendant={found[chosen] ? `palette-${chosen}` : undefined}
          aria-label={t('Search and commands')}
          placeholder={t('Go to a page, find a conversation, do something …')}
          value={query.value}
          onInput={({ currentTarget }) => {
            query.value = currentTarget.value;
            at.value = 0;
          }}
          onKeyDown={onKeyDown}
        />
      </div>
      <div id="palette-list" class="palette-list" role="listbox" aria-label={t('Commands')} tabIndex={-1}>
        {found.map((command, index) => (
          <PaletteRow
            key={command.id}
            command={command}
            id={`palette-${index}`}
            isChosen={index === chosen}
            heading={command.group === found[index - 1]?.group ? undefined : command.group}
            onRun={() => run(command)}
            onPoint={() => {
              at.value = index;
            }}
          />
        ))}
        {found.length === 0 && <p class="palette-none">{t('Nothing fits.')}</p>}
      </div>
    </dialog>
  );
}

interface RowProps {
  readonly command: PaletteCommand;
  readonly id: string;
  readonly isChosen: boolean;
  readonly heading: string | undefined;
  onRun(): void;
  onPoint(): void;
}

function PaletteRow({ command, id, isChosen, heading, onRun, onPoint }: RowProps) {
  const { title, icon: Icon } = command;
  return (
    <>
      {heading !== undefined && (
        <p class="palette-group" role="presentation">
          {heading}
        </p>
      )}
      {/* biome-ignore lint/a11y/useKeyWithClickEvents: the keys are the input's */}
      <div
        id={id}
        class="palette-row"
        role="option"
        tabIndex={-1}
        aria-selected={isChosen}
        onClick={onRun}
        onPointerMove={onPoint}
      >
        {Icon && <Icon size={16} aria-hidden="true" />}
        <span class="grow cut">{title}</span>
        {isChosen && <CornerDownLeft size={14} aria-hidden="true" />}
      </div>
    </>
  );
}
