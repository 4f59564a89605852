import { MAX_MESSAGE_BYTES } from '../core/wire.ts';

export function isTooLarge(text: string): boolean {
  return Buffer.byteLength(text) > MAX_MESSAGE_BYTES;
}

export const TOO_LARGE = `The message is longer than ${MAX_MESSAGE_BYTES} bytes (1 MiB) and was not taken in. Send it in parts, or as a file.`;
