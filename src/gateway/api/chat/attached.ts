import { MAX_ATTACHMENT_BYTES, MAX_ATTACHMENTS_BYTES, type SendRequest } from '../../../core/api/chat.ts';
import { ok, type Result } from '../../../core/result.ts';
import { type OfferedFile, type StoredFile, storeFile } from '../../attachments/store-file.ts';
import type { ApiContext } from '../context.ts';
import { type ApiFailure, invalid, notSupported, tooLarge } from '../failure.ts';

interface Encoded {
  readonly field: string;
  readonly name: string;
  readonly type: string;
  readonly base64: string;
}

/** Stores what is attached to a message: all of it, or nothing. */
export async function storeAttached(
  { files, clock }: Pick<ApiContext, 'files' | 'clock'>,
  request: Pick<SendRequest, 'attachments' | 'images'>,
): Promise<Result<readonly StoredFile[], ApiFailure>> {
  const offered = decodeAll(encodedIn(request));
  if (!offered.ok || offered.value.length === 0) return offered.ok ? ok([]) : offered;
  if (files === undefined) return notSupported('This assistant takes no files.');
  const day = new Date(clock.now()).toISOString().slice(0, 10);
  const stored: StoredFile[] = [];
  for (const file of offered.value) {
    const one = await storeFile(files, day, file);
    if (!one.ok) {
      await removeAll(stored);
      return invalid('attachments', one.error);
    }
    stored.push(one.value);
  }
  return ok(stored);
}

export async function removeAll(stored: readonly StoredFile[]): Promise<void> {
  await Promise.all(stored.map((file) => file.remove()));
}

function encodedIn({ attachments, images }: Pick<SendRequest, 'attachments' | 'images'>): readonly Encoded[] {
  return [
    ...attachments.map(({ mime_type, filename, data_base64 }, index) => ({
      field: `attachments.${index}.data_base64`,
      name: filename ?? '',
      type: mime_type,
      base64: data_base64,
    })),
    ...images.map(({ media_type, data }, index) => ({
      field: `images.${index}.data`,
      name: 'image',
      type: media_type,
      base64: data,
    })),
  ];
}

function decodeAll(encoded: readonly Encoded[]): Result<readonly OfferedFile[], ApiFailure> {
  const files: OfferedFile[] = [];
  let total = 0;
  for (const { field, name, type, base64 } of encoded) {
    const content = decode(base64);
    if (content === undefined) return invalid(field, 'is not base64');
    if (content.length > MAX_ATTACHMENT_BYTES) return tooLarge(`${field}: one attachment may have 5 MiB.`);
    total += content.length;
    if (total > MAX_ATTACHMENTS_BYTES)
      return tooLarge('The attachments of one message may have 10 MiB together.');
    files.push({ name, type, content });
  }
  return ok(files);
}

/** Node leaves out what is no base64; then fewer bytes come out than the length promises. */
function decode(text: string): Buffer | undefined {
  const data = text.replace(/^data:[^,]{0,200},/, '').replace(/\s+/g, '');
  const digits = data.replace(/={1,2}$/, '');
  const content = Buffer.from(digits, 'base64');
  return content.length === Math.floor((digits.length * 3) / 4) ? content : undefined;
}
