import { tmpdir } from 'node:os';
import { systemClock } from '../../core/clock.ts';
import { openDatabase } from '../../storage/index.ts';
import { MIGRATIONS } from '../../storage/testing/migrations-folder.ts';
import { createMemory } from '../index.ts';
import { indexFaults } from './index-faults.ts';

/**
 * Writes documents for ever and says which were acknowledged, until it is killed. Says first what was wrong with the
 * index that it found. Takes a folder or the URL of a server.
 */

const [place = ''] = process.argv.slice(2);
const database = place.startsWith('postgres:')
  ? await openDatabase({ url: place, dataDir: tmpdir(), migrationsDir: MIGRATIONS })
  : await openDatabase({ dataDir: place, migrationsDir: MIGRATIONS });
const memory = createMemory(database, systemClock);
process.stdout.write(`${JSON.stringify(await indexFaults(database))}\n`);

/** Each lane writes two documents anew, and adds to one that all lanes share. */
async function writeForEver(lane: number): Promise<never> {
  for (let count = 0; ; count++) {
    const word = `w${process.pid}x${lane}x${count}`;
    const text = `${word} ${'some words that fill it. '.repeat(60)}\n\n${word} at its end.`;
    await database.commit(memory.writeStatements(`bulk/${lane}/${count % 7}.md`, text, { append: false }));
    await database.commit(memory.writeStatements('bulk/log.md', `- ${word} noted`, { append: true }));
    process.stdout.write(`${word}\n`);
  }
}

await Promise.all([0, 1, 2, 3].map(writeForEver));
