import { File, Folder } from 'lucide-preact';
import { useState } from 'preact/hooks';
import type { JobDetailReply, JobFileReply, JobFilesReply } from '../../../../src/core/api/jobs.ts';
import { ApiError, api } from '../../api.ts';
import { bytes, visible } from '../../format.ts';
import { t } from '../../i18n.ts';
import { CodeBlock, Markdown } from '../../ui/index.ts';
import { useLoaded } from '../loaded.ts';
import { Shown } from '../shown.tsx';

interface FilesProps {
  readonly job: JobDetailReply;
  readonly round: number;
}

/** The folder that a job works in, and one of its files. */
export function JobFiles({ job, round }: FilesProps) {
  const [folder, setFolder] = useState('');
  const [file, setFile] = useState<string>();
  const open = (path: string, isFolder: boolean) => {
    setFile(isFolder ? undefined : path);
    if (isFolder) setFolder(path);
  };
  return (
    <div class="stack">
      <Crumbs root={job.project_dir} path={file ?? folder} onFolder={(path) => open(path, true)} />
      {file === undefined ? (
        <FolderView id={job.id} path={folder} round={round} onOpen={open} />
      ) : (
        <FileView id={job.id} path={file} round={round} />
      )}
    </div>
  );
}

interface CrumbsProps {
  readonly root: string;
  readonly path: string;
  onFolder(path: string): void;
}

function Crumbs({ root, path, onFolder }: CrumbsProps) {
  const parts = path === '' ? [] : path.split('/');
  return (
    <nav class="row jobs-crumbs" aria-label={t('Folder')}>
      <button type="button" class="button ghost tiny" onClick={() => onFolder('')}>
        {visible(root)}
      </button>
      {parts.map((part, at) => (
        <span key={at} class="row">
          <span class="quiet" aria-hidden="true">
            /
          </span>
          {at === parts.length - 1 ? (
            <b>{visible(part)}</b>
          ) : (
            <button
              type="button"
              class="button ghost tiny"
              onClick={() => onFolder(parts.slice(0, at + 1).join('/'))}
            >
              {visible(part)}
            </button>
          )}
        </span>
      ))}
    </nav>
  );
}

interface PlaceProps {
  readonly id: string;
  readonly path: string;
  readonly round: number;
}

const address = (id: string, what: string): string => `/api/jobs/${encodeURIComponent(id)}/files/${what}`;

function FolderView({
  id,
  path,
  round,
  onOpen,
}: PlaceProps & { onOpen(path: string, isFolder: boolean): void }) {
  const files = useLoaded(path, (signal) => listed(id, path, signal), round);
  return (
    <Shown of={files} lines={3}>
      {({ entries }) =>
        entries.length === 0 ? (
          <p class="quiet">{t('No files yet.')}</p>
        ) : (
          <ul class="jobs-files">
            {entries.map(({ name, path, is_dir, bytes: size }) => (
              <li key={path}>
                <button type="button" onClick={() => onOpen(path, is_dir)}>
                  {is_dir ? <Folder size={16} aria-hidden="true" /> : <File size={16} aria-hidden="true" />}
                  <span class="grow cut">{visible(name)}</span>
                  {!is_dir && <span class="quiet small">{bytes(size)}</span>}
                </button>
              </li>
            ))}
          </ul>
        )
      }
    </Shown>
  );
}

/** A job that has not begun has no folder yet, which is no fault. */
async function listed(id: string, path: string, signal: AbortSignal): Promise<JobFilesReply> {
  try {
    return await api<JobFilesReply>(address(id, 'list'), { query: { path }, signal });
  } catch (error) {
    if (error instanceof ApiError && error.status === 404) return { path, entries: [] };
    throw error;
  }
}

function FileView({ id, path, round }: PlaceProps) {
  const ask = (signal: AbortSignal) => api<JobFileReply>(address(id, 'read'), { query: { path }, signal });
  const file = useLoaded(path, ask, round);
  return (
    <Shown of={file} lines={6}>
      {({ content }) =>
        /\.(md|markdown)$/i.test(path) ? (
          <Markdown text={visible(content)} />
        ) : (
          <CodeBlock code={visible(content)} language={/\.(\w+)$/.exec(path)?.[1]} />
        )
      }
    </Shown>
  );
}
