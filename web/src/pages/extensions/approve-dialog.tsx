import { useState } from 'preact/hooks';
import type { ActionReply, Extension } from '../../../../src/core/api/extensions.ts';
import { api } from '../../api.ts';
import { visible } from '../../format.ts';
import { t } from '../../i18n.ts';
import { Button, Dialog, Toggle, toast, toastError } from '../../ui/index.ts';

interface ApproveDialogProps {
  readonly extension: Extension;
  onClose(): void;
  onApproved(): void;
}

/** What a tool asks for, each of it to be approved or not. */
export function ApproveDialog({ extension: { name, asks }, onClose, onApproved }: ApproveDialogProps) {
  const [approved, approve] = useState<ReadonlySet<string>>(
    new Set(asks.filter((one) => one.approved).map(({ id }) => id)),
  );
  const [isBusy, setBusy] = useState(false);
  const save = () => {
    setBusy(true);
    api<ActionReply>(`/api/extensions/${encodeURIComponent(name)}/activate`, {
      body: { approve: [...approved] },
    })
      .then(({ message }) => {
        toast({ text: message });
        onClose();
        onApproved();
      })
      .catch((error: unknown) => {
        setBusy(false);
        toastError(error);
      });
  };
  return (
    <Dialog
      open
      title={t('What {name} may do', { name })}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{t('Cancel')}</Button>
          <Button variant="primary" busy={isBusy} onClick={save}>
            {t('Approve this')}
          </Button>
        </>
      }
    >
      <p class="place-lead">
        {t('It reaches nothing else. What you take back counts from its next call on.')}
      </p>
      {asks.map(({ id, words }) => (
        <Toggle
          key={id}
          label={visible(words)}
          checked={approved.has(id)}
          onChange={(checked) =>
            approve(new Set(checked ? [...approved, id] : [...approved].filter((one) => one !== id)))
          }
        />
      ))}
    </Dialog>
  );
}
