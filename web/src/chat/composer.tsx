import { useSignal, useSignalEffect } from '@preact/signals';
import { ArrowUp, Paperclip, Square } from 'lucide-preact';
import { useEffect, useRef } from 'preact/hooks';
import type { FileUpload } from '../../../src/core/api/chat.ts';
import type { DeliveryMode } from '../../../src/core/assistant.ts';
import { t } from '../i18n.ts';
import { kept } from '../kept.ts';
import { IconButton, toastError } from '../ui/index.ts';
import { AttachmentChips } from './attachment-chips.tsx';
import { upload } from './attachments.ts';
import { CompletionMenu, useCompletions } from './completion-menu.tsx';
import { current, handedBack, interrupt, running, say } from './conversation.ts';
import { readDraft, writeDraft } from './drafts.ts';

/** What Enter does while the assistant works. */
const busyMode = kept<DeliveryMode>('busy-mode', (stored) =>
  stored === 'queue' || stored === 'interrupt' ? stored : 'steer',
);

const DRAFT_MS = 300;
const MOST_ROWS = 10;

/** Where the user writes. Files can be pasted, dropped and chosen; `/` and `@` complete. */
export function Composer() {
  const input = useRef<HTMLTextAreaElement>(null);
  const picker = useRef<HTMLInputElement>(null);
  const text = useSignal(readDraft(current.peek()));
  const files = useSignal<readonly FileUpload[]>([]);
  const uploading = useSignal(0);
  const isDragged = useSignal(false);
  const completions = useCompletions(input, text);
  const isBusy = running.value !== undefined;

  // Each conversation has a draft of its own.
  const shownFor = useRef(current.peek());
  useSignalEffect(() => {
    const conversationId = current.value;
    if (conversationId !== shownFor.current) writeDraft(shownFor.current, text.peek());
    shownFor.current = conversationId;
    text.value = readDraft(conversationId);
    files.value = [];
    // Not where a keyboard would have to be drawn over the conversation first.
    if (matchMedia('(hover: hover)').matches) input.current?.focus();
  });
  useEffect(() => {
    const conversationId = current.peek();
    const draft = text.value;
    const timer = setTimeout(() => writeDraft(conversationId, draft), DRAFT_MS);
    return () => clearTimeout(timer);
  }, [text.value]);
  useSignalEffect(() => {
    const back = handedBack.value;
    if (back?.conversationId !== current.value) return;
    if (text.peek() === '') text.value = back.text;
    handedBack.value = undefined;
    input.current?.focus();
  });

  const attach = async (chosen: readonly File[]) => {
    for (const file of chosen) {
      uploading.value++;
      try {
        const stored = await upload(file);
        files.value = [...files.peek(), stored];
      } catch (error) {
        toastError(error);
      }
      uploading.value--;
    }
  };
  const submit = (mode: DeliveryMode | 'auto' = isBusy ? busyMode.peek() : 'auto') => {
    const said = [text.peek().trim(), ...files.peek().map(({ line }) => line)].filter(Boolean).join('\n');
    if (said === '' || uploading.peek() > 0) return;
    // A command means what it says, whatever runs.
    say(said, said.startsWith('/') ? 'auto' : mode);
    text.value = '';
    files.value = [];
    writeDraft(current.peek(), '');
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.isComposing || completions.onKeyDown(event)) return;
    if (event.key !== 'Enter' || event.shiftKey) return;
    event.preventDefault();
    submit(isBusy && event.altKey ? 'queue' : undefined);
  };
  return (
    <form
      class={`composer ${isDragged.value ? 'dragged' : ''}`}
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
      onDragOver={(event) => {
        event.preventDefault();
        isDragged.value = true;
      }}
      onDragLeave={() => {
        isDragged.value = false;
      }}
      onDrop={(event) => {
        event.preventDefault();
        isDragged.value = false;
        void attach([...(event.dataTransfer?.files ?? [])]);
      }}
    >
      <CompletionMenu completions={completions} />
      <div class="composer-box">
        <AttachmentChips
          files={files.value}
          uploading={uploading.value}
          onRemove={(path) => {
            files.value = files.peek().filter((file) => file.path !== path);
          }}
        />
        <textarea
          ref={input}
          id="text"
          // Where it does not grow by itself.
          rows={Math.min(MOST_ROWS, text.value.split('\n').length)}
          aria-label={t('Message')}
          aria-autocomplete="list"
          aria-controls={completions.found.value.length > 0 ? 'completions' : undefined}
          placeholder={isBusy ? t('Say something while I work') : t('Message Ironbark')}
          value={text.value}
          onInput={({ currentTarget }) => {
            text.value = currentTarget.value;
            void completions.update();
          }}
          onKeyDown={onKeyDown}
          onBlur={completions.close}
          onPaste={(event) => {
            const pasted = [...(event.clipboardData?.files ?? [])];
            if (pasted.length === 0) return;
            event.preventDefault();
            void attach(pasted);
          }}
        />
        <div class="composer-row">
          <input
            ref={picker}
            type="file"
            multiple
            hidden
            onChange={({ currentTarget }) => {
              void attach([...(currentTarget.files ?? [])]);
              currentTarget.value = '';
            }}
          />
          <IconButton icon={Paperclip} label={t('Attach files')} onClick={() => picker.current?.click()} />
          {isBusy && <BusyMode />}
          <span class="grow" />
          {isBusy && (
            <IconButton icon={Square} variant="plain" label={t('Stop')} onClick={interrupt} class="stop" />
          )}
          <IconButton
            type="submit"
            icon={ArrowUp}
            variant="primary"
            label={t('Send')}
            disabled={uploading.value > 0 || (text.value.trim() === '' && files.value.length === 0)}
          />
        </div>
      </div>
    </form>
  );
}

function BusyMode() {
  return (
    <label class="busy-mode">
      <span class="unseen">{t('What a message does while I work')}</span>
      <select
        class="input"
        value={busyMode.value}
        onChange={({ currentTarget: { value } }) => {
          busyMode.value = value === 'queue' || value === 'interrupt' ? value : 'steer';
        }}
      >
        <option value="steer">{t('Steer: seen at the next step')}</option>
        <option value="queue">{t('Queue: answered afterwards')}</option>
        <option value="interrupt">{t('Interrupt: stop and do this')}</option>
      </select>
    </label>
  );
}
