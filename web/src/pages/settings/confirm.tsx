import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { t } from '../../i18n.ts';
import { Button, Dialog, toastError } from '../../ui/index.ts';

interface ConfirmProps {
  readonly title: string;
  readonly action: string;
  /** Nothing is lost by it. */
  readonly isHarmless?: boolean;
  onClose(): void;
  run(): Promise<void>;
  readonly children?: ComponentChildren;
}

/** Asks before it does something, and closes when it is done. */
export function Confirm({ title, action, isHarmless = false, onClose, run, children }: ConfirmProps) {
  const [isBusy, setBusy] = useState(false);
  const go = () => {
    setBusy(true);
    run()
      .then(onClose, toastError)
      .finally(() => setBusy(false));
  };
  return (
    <Dialog
      open
      title={title}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{t('Cancel')}</Button>
          <Button variant={isHarmless ? 'primary' : 'danger'} busy={isBusy} onClick={go}>
            {action}
          </Button>
        </>
      }
    >
      <p>{children}</p>
    </Dialog>
  );
}
