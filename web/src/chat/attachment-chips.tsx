import { LoaderCircle, Paperclip, X } from 'lucide-preact';
import type { FileUpload } from '../../../src/core/api/chat.ts';
import { bytes } from '../format.ts';
import { t } from '../i18n.ts';
import { IconButton } from '../ui/index.ts';

export interface AttachmentChipsProps {
  readonly files: readonly FileUpload[];
  readonly uploading: number;
  onRemove(path: string): void;
}

/** What will go along with the message. */
export function AttachmentChips({ files, uploading, onRemove }: AttachmentChipsProps) {
  if (files.length === 0 && uploading === 0) return null;
  return (
    <ul class="attached">
      {files.map(({ path, size }) => (
        <li key={path}>
          <Paperclip size={13} aria-hidden="true" />
          <span class="cut">{path.split('/').at(-1)}</span>
          <small>{bytes(size)}</small>
          <IconButton tiny icon={X} label={t('Remove')} onClick={() => onRemove(path)} />
        </li>
      ))}
      {uploading > 0 && (
        <li role="status">
          <LoaderCircle size={13} aria-hidden="true" class="turning" /> {t('Uploading …')}
        </li>
      )}
    </ul>
  );
}
