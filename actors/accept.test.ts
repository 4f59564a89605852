import { expect, test } from 'vitest';
import { systemClock } from '../src/core/clock.ts';
import { ulids } from '../src/core/ids.ts';
import { NO_HOOKS } from '../src/hooks/index.ts';
import type { Database } from '../src/storage/index.ts';
import { openMemoryDatabase } from '../src/storage/testing/memory-database.ts';
import { createAccept } from './accept.ts';
import type { Hints } from './hints.ts';

/** What is told, and when something is written. */
async function hintsOf(inOrder: boolean) {
  const log: string[] = [];
  const opened = await openMemoryDatabase();
  const database: Database = {
    ...opened,
    inOrder,
    commit(statements) {
      log.push('asked to write');
      return opened.commit(statements).finally(() => log.push('written'));
    },
  };
  const hints: Hints = {
    inputComing: () => log.push('coming'),
    inputAccepted: () => log.push('accepted'),
    replyPrepared: () => {},
    notificationWritten: () => {},
    routinesChanged: () => {},
    hearInputs: () => {},
    beatWanted: () => {},
    workOrdered: () => {},
    workFound: () => {},
    connect: () => {},
  };
  const accept = createAccept({ database, clock: systemClock, ids: ulids(), hints, hooks: NO_HOOKS });
  const send = (externalId: string) => {
    const input = { type: 'message', text: 'hello', mode: 'queue' } as const;
    return accept({ channel: 'test', externalId, conversationId: 'c', input });
  };
  return { log, send };
}

test('a conversation may begin with a message while it is being written, and hears of it again once it is', async () => {
  const { log, send } = await hintsOf(true);
  await send('a');
  expect(log).toEqual(['coming', 'asked to write', 'written', 'accepted']);
  log.length = 0;
  expect(await send('a')).toMatchObject({ duplicate: true });
  expect(log).toEqual(['coming', 'asked to write', 'written']);
});

test('where a later commit could come first, a conversation hears of a message once it is written', async () => {
  const { log, send } = await hintsOf(false);
  await send('a');
  expect(log).toEqual(['asked to write', 'written', 'accepted']);
});
