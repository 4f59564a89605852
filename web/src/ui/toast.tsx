import { signal } from '@preact/signals';
import { X } from 'lucide-preact';
import { t } from '../i18n.ts';
import { Button, IconButton } from './button.tsx';

export interface ToastText {
  readonly text: string;
  readonly kind?: 'good' | 'bad';
  readonly action?: { readonly label: string; run(): void };
}

const toasts = signal<readonly (ToastText & { readonly id: number })[]>([]);
const SHOWN_MS = 6_000;
let last = 0;

/** Says something for six seconds. What went wrong stays until it is closed. */
export function toast(said: ToastText): void {
  const id = ++last;
  toasts.value = [...toasts.peek().slice(-3), { ...said, id }];
  if (said.kind !== 'bad') setTimeout(() => drop(id), SHOWN_MS);
}

/** For `.catch(toastError)`. */
export function toastError(error: unknown): void {
  toast({ kind: 'bad', text: error instanceof Error ? error.message : String(error) });
}

function drop(id: number): void {
  toasts.value = toasts.peek().filter((one) => one.id !== id);
}

export function Toasts() {
  return (
    <div class="toasts" role="status">
      {toasts.value.map(({ id, text, kind = 'good', action }) => (
        <div key={id} class={`toast ${kind}`}>
          <span class="grow">{text}</span>
          {action && (
            <Button
              variant="ghost"
              onClick={() => {
                drop(id);
                action.run();
              }}
            >
              {action.label}
            </Button>
          )}
          <IconButton icon={X} label={t('Close')} onClick={() => drop(id)} />
        </div>
      ))}
    </div>
  );
}
