import { writeSync } from 'node:fs';
import { Socket } from 'node:net';
import { createFrameReader, encodeFrame, type Frame } from './frame.ts';

/** File descriptors that the host opened for this process. */
const FROM_HOST = 3;
const TO_HOST = 4;

const MEBIBYTE = 1024 * 1024;
const LIMITS = { frame: 64 * MEBIBYTE, header: 16 * MEBIBYTE };

/**
 * Reads the host's frames, and ends the process when the host is gone or sends nonsense. Where frames already wait,
 * the process takes them one after the other in one turn of its loop.
 */
export function listenToHost(onFrame: (frame: Frame) => void): void {
  const { push } = createFrameReader(LIMITS, onFrame);
  const socket = new Socket({ fd: FROM_HOST, readable: true, writable: false });
  socket.on('data', (chunk) => {
    if (typeof chunk === 'string' || push(chunk)) process.exit(1);
  });
  socket.on('end', () => process.exit(0));
  socket.on('error', () => process.exit(1));
}

/** Returns when the host's side of the pipe has it all: a guest that computes next cannot hold it back. */
export function sendToHost(frame: Frame): void {
  for (const piece of encodeFrame(frame)) {
    let written = 0;
    while (written < piece.length) written += writeSync(TO_HOST, piece, written);
  }
}
