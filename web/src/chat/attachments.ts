import type { FileUpload } from '../../../src/core/api/chat.ts';
import { api } from '../api.ts';

/** Largest file that the server takes (`MAX_ATTACHMENT_BYTES` in src/core/api/chat.ts). */
const MAX_BYTES = 5 * 1024 * 1024;

/** Puts a file among the user's files; its `line` tells the assistant of it. Rejects with what to tell the user. */
export async function upload(file: File): Promise<FileUpload> {
  if (file.size > MAX_BYTES) throw new Error(`${file.name} is larger than ${MAX_BYTES / 1024 / 1024} MB.`);
  return api<FileUpload>('/api/files', {
    raw: file,
    headers: { 'x-filename': encodeURIComponent(file.name || 'pasted') },
  });
}

export interface Attached {
  readonly path: string;
  readonly about: string;
}

/** A message's own words, and what was attached to it. */
export function withoutAttachments(text: string): {
  readonly text: string;
  readonly attached: readonly Attached[];
} {
  const attached: Attached[] = [];
  const rest = text.replace(/\n*\[attached: ([^,\]]+), ([^\]\n]+)\]/g, (_, path: string, about: string) => {
    attached.push({ path, about });
    return '';
  });
  return { text: rest.trim(), attached };
}
