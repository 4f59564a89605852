import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync, writeSync } from 'node:fs';
import { open } from 'node:inspector';
import { connect, createServer } from 'node:net';
import { Worker } from 'node:worker_threads';
import { lockDown } from '../../slot/lock-down.ts';

/** Tries what a slot must not be able to do, and prints how each attempt ended. */
const codeOf = (error: unknown): unknown =>
  error instanceof Error ? Reflect.get(error, 'code') : String(error);

function tried(attempt: () => unknown): unknown {
  try {
    attempt();
    return 'allowed';
  } catch (error) {
    return codeOf(error);
  }
}

const port = Number(process.argv[2]);
const connection = new Promise((resolve) => {
  const socket = connect(port, '127.0.0.1', () => resolve('allowed'));
  socket.on('error', (error) => resolve(codeOf(error)));
});

const own = new URL(import.meta.url);
const ownProgram = (): unknown => tried(() => readFileSync(own));

const found = {
  read: tried(() => readFileSync('/etc/hostname')),
  write: tried(() => writeFileSync('/tmp/burglar', 'was here')),
  spawn: tried(() => spawnSync('true')),
  worker: tried(() => new Worker('1', { eval: true })),
  inspector: tried(() => open(0)),
  addon: tried(() => process.dlopen({ exports: {} }, '/nowhere.node')),
  listen: tried(() => createServer().listen(0)),
  connect: await connection,
  environment: Object.keys(process.env).length,
  folder: process.cwd(),
  program: ownProgram(),
};
lockDown();
writeSync(2, JSON.stringify({ ...found, programLockedDown: ownProgram() }));
process.exit(1);
