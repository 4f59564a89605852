import { X } from 'lucide-preact';
import type { ComponentChildren } from 'preact';
import { useEffect, useId, useRef } from 'preact/hooks';
import { t } from '../i18n.ts';
import { IconButton } from './button.tsx';

export interface DialogProps {
  readonly title: ComponentChildren;
  readonly open: boolean;
  onClose(): void;
  readonly footer?: ComponentChildren;
  readonly class?: string;
  readonly children?: ComponentChildren;
}

/** In front of the page, holding the focus; Escape and a click beside it close it. `class="wide"` for much content. */
export function Dialog({ title, open, onClose, footer, class: extra = '', children }: DialogProps) {
  const ref = useRef<HTMLDialogElement>(null);
  const id = useId();
  useEffect(() => {
    if (open) ref.current?.showModal();
    else ref.current?.close();
  }, [open]);
  if (!open) return null;
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: Escape does the same
    <dialog
      ref={ref}
      class={`dialog ${extra}`}
      aria-labelledby={id}
      onClose={onClose}
      onClick={({ target }) => target === ref.current && onClose()}
    >
      <header>
        <h2 id={id}>{title}</h2>
        <IconButton icon={X} label={t('Close')} onClick={onClose} />
      </header>
      <div class="content">{children}</div>
      {footer && <footer>{footer}</footer>}
    </dialog>
  );
}

/** A dialog at the side of the window, on a phone at its bottom. */
export function Sheet(props: DialogProps) {
  return <Dialog {...props} class={`sheet ${props.class ?? ''}`} />;
}
