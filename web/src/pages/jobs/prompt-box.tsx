import { SendHorizontal } from 'lucide-preact';
import { useState } from 'preact/hooks';
import type { JobActionReply } from '../../../../src/core/api/jobs.ts';
import { api } from '../../api.ts';
import { t } from '../../i18n.ts';
import { Button, TextArea, toast, toastError } from '../../ui/index.ts';

/** Tells a running job something. Enter sends, Shift+Enter is a new line. */
export function PromptBox({ id }: { readonly id: string }) {
  const [text, setText] = useState('');
  const [isBusy, setBusy] = useState(false);
  const send = () => {
    const content = text.trim();
    if (content === '' || isBusy) return;
    setBusy(true);
    api<JobActionReply>(`/api/jobs/${encodeURIComponent(id)}/prompt`, { body: { content } })
      .then(({ message }) => {
        setText('');
        toast({ text: message });
      }, toastError)
      .finally(() => setBusy(false));
  };
  return (
    <div class="jobs-prompt">
      <TextArea
        label={t('Tell it something')}
        hint={t('It is seen before its next step.')}
        rows={2}
        value={text}
        onInput={setText}
        onKeyDown={(event) => {
          if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
          event.preventDefault();
          send();
        }}
      />
      <Button
        variant="primary"
        icon={SendHorizontal}
        busy={isBusy}
        disabled={text.trim() === ''}
        onClick={send}
      >
        {t('Tell it')}
      </Button>
    </div>
  );
}
