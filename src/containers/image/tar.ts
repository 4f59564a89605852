import { createReadStream } from 'node:fs';
import type { ImageEntry } from './entry.ts';

const BLOCK = 512;

/**
 * The entries as a tar archive (POSIX ustar), piece by piece: no more of it is in memory than one piece of a file.
 * Throws where a path is too long for the format, or where a file changed its size meanwhile.
 */
export async function* tarOf(entries: readonly ImageEntry[]): AsyncGenerator<Buffer> {
  for (const entry of entries) {
    yield headerOf(entry);
    yield* contentOf(entry);
  }
  yield Buffer.alloc(2 * BLOCK);
}

async function* contentOf(entry: ImageEntry): AsyncGenerator<Buffer> {
  if (entry.kind === 'text') yield padded(Buffer.from(entry.content));
  if (entry.kind !== 'copy') return;
  let bytes = 0;
  for await (const piece of createReadStream(entry.source, { highWaterMark: 1 << 20 })) {
    const read: Buffer = piece;
    bytes += read.length;
    yield read;
  }
  if (bytes !== entry.bytes) throw new Error(`${entry.source} changed while it was being copied`);
  yield Buffer.alloc(missingTo(bytes));
}

const missingTo = (bytes: number): number => (BLOCK - (bytes % BLOCK)) % BLOCK;

const padded = (content: Buffer): Buffer => Buffer.concat([content, Buffer.alloc(missingTo(content.length))]);

const TYPES = { copy: '0', text: '0', link: '2', folder: '5' } as const;

/** The fields of a ustar header, at the offsets that POSIX gives them. */
function headerOf(entry: ImageEntry): Buffer {
  const header = Buffer.alloc(BLOCK);
  const { name, prefix } = splitPath(entry.kind === 'folder' ? `${entry.path}/` : entry.path);
  header.write(name, 0);
  header.write(octal(entry.kind === 'link' ? 0o777 : entry.mode, 8), 100);
  header.write(octal(0, 8), 108);
  header.write(octal(0, 8), 116);
  header.write(octal(sizeOf(entry), 12), 124);
  header.write(octal(0, 12), 136);
  header.write('        ', 148);
  header.write(TYPES[entry.kind], 156);
  if (entry.kind === 'link') header.write(checked(entry.target, 100), 157);
  header.write('ustar\x0000', 257);
  header.write(prefix, 345);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  return header;
}

function sizeOf(entry: ImageEntry): number {
  if (entry.kind === 'copy') return entry.bytes;
  return entry.kind === 'text' ? Buffer.byteLength(entry.content) : 0;
}

const octal = (value: number, width: number): string => `${value.toString(8).padStart(width - 1, '0')}\0`;

/** 100 bytes of name, and 155 more of the folders before it. */
function splitPath(path: string): { name: string; prefix: string } {
  if (Buffer.byteLength(path) <= 100) return { name: path, prefix: '' };
  const cut = path.indexOf('/', Math.max(0, path.length - 101));
  const [prefix, name] = [path.slice(0, cut), path.slice(cut + 1)];
  if (cut < 0 || name === '') throw new Error(`${path} is too long for a tar archive`);
  return { name: checked(name, 100), prefix: checked(prefix, 155) };
}

function checked(text: string, bytes: number): string {
  if (Buffer.byteLength(text) > bytes) throw new Error(`${text} is too long for a tar archive`);
  return text;
}
