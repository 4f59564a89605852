import { acquireHomeLock } from '../home-lock.ts';

/** Holds a home until it is killed. */

const [home = ''] = process.argv.slice(2);
const lock = await acquireHomeLock(home, () => ({ url: 'http://127.0.0.1:4747', pid: process.pid }));
process.stdout.write(`${lock.held ? 'held' : 'refused'}\n`);
setInterval(() => {}, 60_000);
