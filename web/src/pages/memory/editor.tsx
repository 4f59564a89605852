import { Save } from 'lucide-preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import type { MemoryReadReply, MemoryWriteBody, MemoryWriteReply } from '../../../../src/core/api/memory.ts';
import { ApiError, api } from '../../api.ts';
import { t } from '../../i18n.ts';
import { go } from '../../route.ts';
import { Button, TextArea, toast } from '../../ui/index.ts';
import { documentAddress } from './addresses.ts';
import { Conflict } from './conflict.tsx';
import { DocumentName } from './document-name.tsx';
import { type Draft, drafts } from './drafts.ts';

interface EditorProps {
  readonly path: string;
  /** Null: there is none yet. */
  readonly document: MemoryReadReply | null;
  onEnd(saved: boolean): void;
}

/** The text of a document, to be changed. What was not saved is kept while another page is looked at. */
export function Editor({ path, document, onEnd }: EditorProps) {
  const [draft, setDraft] = useState<Draft>(() => drafts.get(path) ?? draftOf(document));
  const [error, setError] = useState<Error>();
  const [isSaving, setSaving] = useState(false);
  const isChanged = draft.text !== draft.base;
  useKept(path, draft, isChanged);

  const write = (from: number | undefined) => {
    setSaving(true);
    setError(undefined);
    save(path, draft.text, from)
      .then((reply) => ended(reply, path, () => onEnd(true)))
      .catch(setError)
      .finally(() => setSaving(false));
  };
  const end = () => {
    drafts.delete(path);
    onEnd(false);
  };
  const isConflict = error instanceof ApiError && error.code === 'conflict';
  return (
    <section class="memory-editor" aria-label={t('Edit {path}', { path })}>
      <header class="spread">
        <DocumentName path={path} />
        <div class="row">
          <Button variant="ghost" onClick={end}>
            {isChanged ? t('Discard') : t('Close')}
          </Button>
          <Button
            variant="primary"
            icon={Save}
            busy={isSaving}
            disabled={!isChanged}
            onClick={() => write(draft.from)}
          >
            {t('Save')}
          </Button>
        </div>
      </header>
      {isConflict && <Conflict path={path} draft={draft} onWriteOver={write} onDiscard={end} />}
      <TextArea
        class="memory-editor-text"
        label={<span class="unseen">{t('Text of the document, in Markdown')}</span>}
        hint={t('Markdown. Ctrl S saves, and the former version is kept.')}
        error={error && !isConflict ? error.message : undefined}
        value={draft.text}
        autoFocus
        onInput={(text) => setDraft({ ...draft, text })}
        onKeyDown={(event) => {
          if (event.key !== 's' || !(event.ctrlKey || event.metaKey)) return;
          event.preventDefault();
          if (isChanged && !isSaving) write(draft.from);
        }}
      />
    </section>
  );
}

function draftOf(document: MemoryReadReply | null): Draft {
  return { text: document?.content ?? '', base: document?.content ?? '', from: document?.version };
}

/** Keeps what is unsaved, and asks before the tab with it is closed. */
function useKept(path: string, draft: Draft, isChanged: boolean): void {
  const latest = useRef(draft);
  latest.current = draft;
  if (isChanged) drafts.set(path, draft);
  else drafts.delete(path);
  useEffect(() => {
    if (!isChanged) return;
    const ask = (event: BeforeUnloadEvent) => event.preventDefault();
    addEventListener('beforeunload', ask);
    return () => removeEventListener('beforeunload', ask);
  }, [isChanged]);
}

function save(path: string, content: string, from: number | undefined): Promise<MemoryWriteReply> {
  const body: MemoryWriteBody = { path, content, ...(from !== undefined && { expected_version: from }) };
  return api<MemoryWriteReply>('/api/memory/write', { body });
}

function ended(reply: MemoryWriteReply, path: string, end: () => void): void {
  drafts.delete(path);
  toast({ text: [t('Saved.'), ...reply.notes].join(' ') });
  end();
  if (reply.path !== path) go(documentAddress(reply.path), { replace: true });
}
