import { useState } from 'preact/hooks';
import type { MemoryForgetBody, MemoryForgetReply } from '../../../../src/core/api/memory.ts';
import { api } from '../../api.ts';
import { visible } from '../../format.ts';
import { t } from '../../i18n.ts';
import { Badge, Button, Dialog, toast, toastError } from '../../ui/index.ts';
import { useLoaded } from '../loaded.ts';
import { Shown } from '../shown.tsx';

export type ForgetTarget = MemoryForgetBody['target'];

interface ForgetDialogProps {
  readonly target: ForgetTarget;
  /** In words. */
  readonly what: string;
  onClose(): void;
  onForgotten(): void;
}

/** Shows what would be gone before anything is. */
export function ForgetDialog({ target, what, onClose, onForgotten }: ForgetDialogProps) {
  const preview = useLoaded(JSON.stringify(target), (signal) => forget(target, true, signal));
  const [isBusy, setBusy] = useState(false);
  const doomed = preview.now.is === 'ready' ? preview.now.value.documents : [];
  const confirm = () => {
    setBusy(true);
    forget(target, false)
      .then(({ documents }) => {
        toast({ text: forgottenText(documents.length) });
        onClose();
        onForgotten();
      })
      .catch((error: unknown) => {
        setBusy(false);
        toastError(error);
      });
  };
  return (
    <Dialog
      open
      title={t('Forget {what}?', { what: visible(what) })}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{t('Keep it')}</Button>
          <Button variant="danger" busy={isBusy} disabled={doomed.length === 0} onClick={confirm}>
            {t('Forget for good')}
          </Button>
        </>
      }
    >
      <Shown of={preview} lines={4}>
        {({ documents }) => <Preview documents={documents} />}
      </Shown>
    </Dialog>
  );
}

function forget(target: ForgetTarget, dry_run: boolean, signal?: AbortSignal): Promise<MemoryForgetReply> {
  const body: MemoryForgetBody = { target, dry_run };
  return api<MemoryForgetReply>('/api/memory/forget', { body, ...(signal && { signal }) });
}

const passagesText = (count: number): string =>
  count === 1 ? t('1 passage') : t('{count} passages', { count });

const forgottenText = (count: number): string =>
  count === 1 ? t('Forgotten, in 1 document.') : t('Forgotten, in {count} documents.', { count });

function Preview({ documents }: Pick<MemoryForgetReply, 'documents'>) {
  if (documents.length === 0) return <p>{t('Nothing of it is remembered.')}</p>;
  return (
    <div class="stack">
      <p>
        {t('This will be gone, with all that was made of it and all earlier versions. It cannot be undone.')}
      </p>
      <ul class="memory-doomed">
        {documents.map(({ path, whole, passages, versions }) => (
          <li key={path} class="spread">
            <span class="grow cut" title={path}>
              {visible(path)}
            </span>
            <Badge kind={whole ? 'bad' : 'warn'}>{whole ? t('all of it') : passagesText(passages)}</Badge>
            <span class="quiet small">
              {versions === 1 ? t('1 version') : t('{count} versions', { count: versions })}
            </span>
          </li>
        ))}
      </ul>
    </div>
  );
}
