import { writeSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { startWatchdog } from '../index.ts';

/**
 * A program whose event loop is blocked for good, or again and again but never for long.
 *
 * Usage: node blocked.ts LOG_FILE for-good|often
 */
const [logFile, how] = process.argv.slice(2);
const watchdog = startWatchdog({
  reportAfterMs: 250,
  onBlocked({ blockedMs }) {
    if (blockedMs < 250) writeSync(1, 'false alarm\n');
  },
  onError: (error) => {
    throw error;
  },
});
watchdog.arm({
  afterMs: 1_000,
  lastWords: 'It is replaced.',
  logFile,
  replacement: { command: '/bin/sh', args: ['-c', 'read -r _ <&3; echo replaced'] },
});
watchdog.running('root/stuck');

function spin(ms: number): void {
  const end = performance.now() + ms;
  while (performance.now() < end);
}

if (how === 'often') {
  for (let time = 0; time < 16; time++) {
    spin(250);
    await wait(120);
  }
  writeSync(1, 'alive\n');
} else {
  writeSync(1, `blocked ${process.pid}\n`);
  // Before the thread has begun: it does so however busy the main thread is.
  spin(Number.POSITIVE_INFINITY);
}
