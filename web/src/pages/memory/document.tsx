import { ArrowLeft, FileQuestion, Pencil, Trash2 } from 'lucide-preact';
import { useEffect, useState } from 'preact/hooks';
import type { MemoryReadReply } from '../../../../src/core/api/memory.ts';
import { ApiError, api } from '../../api.ts';
import { count, visible } from '../../format.ts';
import { t } from '../../i18n.ts';
import { bindKeys } from '../../keys.ts';
import { go } from '../../route.ts';
import {
  Badge,
  Button,
  EmptyState,
  IconButton,
  Markdown,
  Problem,
  Skeleton,
  Tabs,
  Time,
} from '../../ui/index.ts';
import { useLoaded } from '../loaded.ts';
import { DocumentName } from './document-name.tsx';
import { drafts } from './drafts.ts';
import { Editor } from './editor.tsx';
import { ForgetDialog } from './forget-dialog.tsx';
import { Origins } from './origins.tsx';
import { Sources } from './sources.tsx';
import { Versions } from './versions.tsx';

interface DocumentViewProps {
  readonly path: string;
  /** Where the way back leads, on a phone. */
  readonly back: string;
  /** Something in memory is another now. */
  onChange(): void;
}

/** A document as it is now; to read, change, look into and forget. */
export function DocumentView({ path, back, onChange }: DocumentViewProps) {
  const read = useLoaded(path, (signal) => readDocument(path, signal));
  const [isEditing, setEditing] = useState(drafts.has(path));
  useEffect(() => setEditing(drafts.has(path)), [path]);
  const changed = () => {
    read.again();
    onChange();
  };
  if (read.now.is === 'loading') return <Skeleton lines={8} />;
  if (read.now.is === 'failed') return <Problem error={read.now.error} retry={read.again} />;
  const document = read.now.value;
  if (isEditing)
    return (
      <Editor
        path={path}
        document={document}
        onEnd={(saved) => {
          setEditing(false);
          if (saved) changed();
        }}
      />
    );
  const edit = () => setEditing(true);
  if (document === null) return <Missing path={path} onWrite={edit} />;
  return <Reader document={document} back={back} onEdit={edit} onChange={changed} />;
}

/** Null where there is no such document, as with one that is being begun. */
async function readDocument(path: string, signal: AbortSignal): Promise<MemoryReadReply | null> {
  const draft = drafts.get(path);
  if (draft !== undefined && draft.from === undefined) return null;
  return api<MemoryReadReply>('/api/memory/read', { query: { path }, signal }).catch((error: unknown) => {
    if (error instanceof ApiError && error.status === 404) return null;
    throw error;
  });
}

function Missing({ path, onWrite }: { readonly path: string; onWrite(): void }) {
  return (
    <EmptyState
      icon={FileQuestion}
      title={t('There is no document {path}', { path })}
      action={
        <Button icon={Pencil} onClick={onWrite}>
          {t('Write it')}
        </Button>
      }
    >
      {t('It may have been forgotten, or another name was meant.')}
    </EmptyState>
  );
}

/** Longer texts are shown as they were written: laying them out would take seconds. */
const LONGEST_LAID_OUT = 200_000;

function Text({ content }: { readonly content: string }) {
  if (content.trim() === '') return <p class="place-lead">{t('It is empty.')}</p>;
  if (content.length <= LONGEST_LAID_OUT) return <Markdown text={content} />;
  return <pre class="memory-long">{visible(content)}</pre>;
}

interface ReaderProps {
  readonly document: MemoryReadReply;
  readonly back: string;
  onEdit(): void;
  onChange(): void;
}

function Reader({ document, back, onEdit, onChange }: ReaderProps) {
  const { path, version, updated_at, origins } = document;
  const [tab, setTab] = useState('text');
  const [isForgetting, setForgetting] = useState(false);
  useEffect(
    () => bindKeys([{ keys: 'e', about: t('Edit the document'), group: t('Memory'), run: onEdit }]),
    [onEdit],
  );
  return (
    <article class="memory-document" aria-label={path}>
      <header class="memory-document-head">
        <a href={back} class="button ghost icon memory-back" aria-label={t('Back')}>
          <ArrowLeft size={18} aria-hidden="true" />
        </a>
        <DocumentName path={path} />
        <div class="memory-document-acts">
          <Button icon={Pencil} onClick={onEdit}>
            {t('Edit')}
          </Button>
          <IconButton icon={Trash2} label={t('Forget…')} onClick={() => setForgetting(true)} />
        </div>
        <p class="row small quiet memory-document-facts">
          <span>
            {t('Changed')} <Time at={updated_at} />
          </span>
          <Badge>{t('version {version}', { version: count(version) })}</Badge>
          <Origins origins={origins} />
        </p>
      </header>
      <Tabs
        label={t('The document')}
        chosen={tab}
        onChoose={setTab}
        tabs={[
          { id: 'text', title: t('Text') },
          { id: 'versions', title: t('Versions') },
          { id: 'sources', title: t('Where it came from') },
        ]}
      >
        {tab === 'text' && <Text content={document.content} />}
        {tab === 'versions' && <Versions key={version} document={document} onRestore={onChange} />}
        {tab === 'sources' && <Sources key={version} path={path} onForget={onChange} />}
      </Tabs>
      {isForgetting && (
        <ForgetDialog
          target={{ kind: 'document', path }}
          what={path}
          onClose={() => setForgetting(false)}
          onForgotten={() => {
            onChange();
            go(back);
          }}
        />
      )}
    </article>
  );
}
