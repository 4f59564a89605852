import { parse } from 'node:path';

const MAX_STEM = 80;
const MAX_EXTENSION = 16;

/** What a file without an extension is given, by its type. */
const EXTENSIONS: Readonly<Record<string, string>> = {
  'application/json': '.json',
  'application/pdf': '.pdf',
  'audio/mpeg': '.mp3',
  'audio/ogg': '.ogg',
  'audio/wav': '.wav',
  'image/gif': '.gif',
  'image/jpeg': '.jpg',
  'image/png': '.png',
  'image/webp': '.webp',
  'text/plain': '.txt',
  'video/mp4': '.mp4',
  'video/webm': '.webm',
};

/**
 * A name under which a file can be stored, like the one that a client gave: no folders, nothing hidden, and only
 * letters, digits and `._-()` with spaces, because the name becomes part of a message.
 */
export function safeFileName(given: string, type: string): string {
  const last = given.normalize('NFC').split(/[\\/]/).at(-1) ?? '';
  const { name, ext } = parse(last.replace(/[^\p{L}\p{N}\p{M} ._()-]/gu, '_').replace(/^[. ]+/, ''));
  const stem = [...name].slice(0, MAX_STEM).join('').trim() || 'file';
  return `${stem}${ext === '' || ext === '.' ? (EXTENSIONS[type] ?? '') : ext.slice(0, MAX_EXTENSION).trim()}`;
}

/** `photo.png` as `photo-2.png`, for where the first is taken. */
export function numberedName(name: string, number: number): string {
  const { name: stem, ext } = parse(name);
  return number === 1 ? name : `${stem}-${number}${ext}`;
}
