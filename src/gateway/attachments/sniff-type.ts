import { isUtf8 } from 'node:buffer';

interface Mark {
  readonly type: string;
  /** Latin-1. */
  readonly bytes: string;
  readonly at?: number;
}

/** From the WHATWG's MIME Sniffing Standard, and `%PDF`, `PK`. */
const MARKS: readonly Mark[] = [
  { type: 'image/png', bytes: '\x89PNG\r\n\x1a\n' },
  { type: 'image/jpeg', bytes: '\xff\xd8\xff' },
  { type: 'image/gif', bytes: 'GIF8' },
  { type: 'image/webp', bytes: 'WEBP', at: 8 },
  { type: 'image/bmp', bytes: 'BM' },
  { type: 'application/pdf', bytes: '%PDF-' },
  { type: 'application/gzip', bytes: '\x1f\x8b\x08' },
  { type: 'audio/wav', bytes: 'WAVE', at: 8 },
  { type: 'audio/mpeg', bytes: 'ID3' },
  { type: 'audio/mpeg', bytes: '\xff\xfb' },
  { type: 'audio/ogg', bytes: 'OggS\0' },
  { type: 'video/webm', bytes: '\x1a\x45\xdf\xa3' },
  { type: 'video/mp4', bytes: 'ftyp', at: 4 },
];

const UNKNOWN = 'application/octet-stream';
const ZIP = 'PK\x03\x04';
/** Documents that are archives inside: their own name says more than their first bytes. */
const ZIPPED = /^application\/(vnd\.|epub\+zip|java-archive)/;
const TEXT = /^(text\/[\w.+-]+|application\/([\w.-]+\+)?(json|xml|javascript|yaml|toml))$/;

/** What a file is by its bytes. What a client says counts only where the bytes leave it open. */
export function sniffType(content: Buffer, said: string): string {
  const declared = said.split(';')[0]?.trim().toLowerCase() ?? '';
  const head = content.subarray(0, 16).toString('latin1');
  const mark = MARKS.find(({ bytes, at = 0 }) => head.startsWith(bytes, at));
  if (mark !== undefined) return mark.type;
  if (head.startsWith(ZIP)) return ZIPPED.test(declared) ? declared : 'application/zip';
  if (!isUtf8(content) || content.includes(0)) return UNKNOWN;
  return TEXT.test(declared) ? declared : 'text/plain';
}
