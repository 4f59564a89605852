import { type Signal, useSignal } from '@preact/signals';
import { t } from '../i18n.ts';
import { type Asked, askedAt } from './asked-at.ts';
import { type Completion, complete } from './completions.ts';

export interface Completions {
  readonly found: Signal<readonly Completion[]>;
  readonly chosen: Signal<number>;
  /** After the text has changed. */
  update(): Promise<void>;
  /** Whether the key was for the menu. */
  onKeyDown(event: KeyboardEvent): boolean;
  pick(completion: Completion): void;
  close(): void;
}

export function useCompletions(
  input: { readonly current: HTMLTextAreaElement | null },
  text: Signal<string>,
): Completions {
  const found = useSignal<readonly Completion[]>([]);
  const chosen = useSignal(0);
  const asked = useSignal<Asked | undefined>(undefined);
  const close = () => {
    asked.value = undefined;
    found.value = [];
  };
  const update = async () => {
    const node = input.current;
    const question = node ? askedAt(node.value, node.selectionStart) : undefined;
    if (!question) {
      close();
      return;
    }
    asked.value = question;
    const answer = await complete(question);
    if (asked.peek() !== question) return;
    chosen.value = 0;
    found.value = answer;
  };
  const pick = ({ insert }: Completion) => {
    const node = input.current;
    const question = asked.peek();
    if (!node || !question) return;
    const before = node.value.slice(0, question.from) + insert;
    text.value = before + node.value.slice(node.selectionStart);
    close();
    queueMicrotask(() => {
      node.focus();
      node.setSelectionRange(before.length, before.length);
    });
  };
  const onKeyDown = (event: KeyboardEvent): boolean => {
    const count = found.peek().length;
    if (count === 0) return false;
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (step !== 0) chosen.value = (chosen.peek() + step + count) % count;
    else if (event.key === 'Escape') close();
    else if (event.key === 'Tab' || (event.key === 'Enter' && !event.shiftKey)) {
      const completion = found.peek()[chosen.peek()];
      // What is written out already is sent, not completed once more.
      if (!completion || (event.key === 'Enter' && completion.insert.trim() === text.peek().trim()))
        return false;
      pick(completion);
    } else return false;
    event.preventDefault();
    event.stopPropagation();
    return true;
  };
  return { found, chosen, update, onKeyDown, pick, close };
}

export function CompletionMenu({ completions }: { readonly completions: Completions }) {
  const { found, chosen, pick } = completions;
  if (found.value.length === 0) return null;
  return (
    <div id="completions" class="completions" role="listbox" aria-label={t('Completions')} tabIndex={-1}>
      {found.value.map((completion, at) => (
        // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are the text's
        <div
          key={completion.label}
          role="option"
          tabIndex={-1}
          aria-selected={at === chosen.value}
          // The text keeps the focus.
          onMouseDown={(event) => event.preventDefault()}
          onClick={() => pick(completion)}
        >
          <b class="cut">{completion.label}</b>
          <span class="quiet cut">{completion.detail}</span>
        </div>
      ))}
    </div>
  );
}
