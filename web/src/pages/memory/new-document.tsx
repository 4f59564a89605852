import { useState } from 'preact/hooks';
import { t } from '../../i18n.ts';
import { Button, Dialog, TextInput } from '../../ui/index.ts';

interface NewDocumentProps {
  /** Whether there is a document of that path. */
  isTaken(path: string): boolean;
  onClose(): void;
  onName(path: string): void;
}

/** Asks what a new document is to be called. */
export function NewDocument({ isTaken, onClose, onName }: NewDocumentProps) {
  const [name, setName] = useState('');
  const path = completed(name);
  const taken = path !== '' && isTaken(path);
  const done = () => path !== '' && !taken && onName(path);
  return (
    <Dialog
      open
      title={t('New document')}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{t('Cancel')}</Button>
          <Button variant="primary" disabled={path === '' || taken} onClick={done}>
            {t('Write')}
          </Button>
        </>
      }
    >
      <TextInput
        label={t('Path')}
        placeholder="projects/greenhouse.md"
        hint={t('Folders are made as needed.')}
        error={taken ? t('There is a document of that path.') : undefined}
        value={name}
        autoFocus
        spellcheck={false}
        onInput={setName}
        onKeyDown={({ key }) => key === 'Enter' && done()}
      />
    </Dialog>
  );
}

/** A name without an ending is that of a Markdown file. */
function completed(name: string): string {
  const path = name.trim().replace(/^\/+|\/+$/g, '');
  return path === '' || /\.[\w]+$/.test(path) ? path : `${path}.md`;
}
