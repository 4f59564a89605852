import { describe, expect, test } from 'vitest';
import type { Model } from '../../src/llm/index.ts';
import { fixedChoice } from '../models/choice.ts';
import { type Bench, openBench } from '../testing/bench.ts';

/** What is answered to one thing that is said. */
async function answerTo(bench: Bench, text: string): Promise<string> {
  const inboxId = await bench.say(text);
  const { turnId } = await bench.waitFor('turn.began', ({ messages }) => messages[0]?.inboxId === inboxId);
  return (await bench.waitFor('turn.replied', (reply) => reply.turnId === turnId)).text;
}

const idIn = (text: string): string => /`([^`/]+)`/.exec(text)?.[1] ?? '';

describe('/job', () => {
  test('has it done beside the conversation, in the user’s own words', async () => {
    await using bench = await openBench({ script: () => 'All summed up.' });
    const begun = await answerTo(bench, '/job Sum up my notes\nin reports/');
    const id = idIn(begun);
    const [ended] = await bench.env.work.wait([id], AbortSignal.timeout(20_000));
    expect(ended).toMatchObject({
      title: 'Sum up my notes',
      description: 'Sum up my notes\nin reports/',
      by: { kind: 'user', conversationId: 'talk' },
      result: 'All summed up.',
      origins: [],
    });
    const status = await answerTo(bench, `/status ${id}`);
    expect(status).toContain('**Sum up my notes**');
    expect(status).toContain('ordered by you');
    expect(status).toContain(`/resume job-${id}`);
    expect(status).toMatch(/All summed up\.$/);
    expect(await answerTo(bench, '/list')).toContain('done after');
    expect(await answerTo(bench, '/progress')).toContain('No job is at work');
  });

  test('says what to say, and what may have been meant', async () => {
    await using bench = await openBench({ script: () => '' });
    expect(await answerTo(bench, '/job')).toContain('Say what is to be done');
    expect(await answerTo(bench, '/list')).toContain('There was no job yet');
    expect(await answerTo(bench, '/cancel')).toBe('No job is at work.');
    expect(await answerTo(bench, '/status none')).toBe('There is no job none. See /list.');
    expect(await answerTo(bench, '/cancel none')).toBe('There is no job none. See /list.');
    expect(bench.modelCalls()).toBe(0);
  });

  test('says so where there is no model to work on it', async () => {
    const choice = (model: Model) => fixedChoice({ ...model, name: 'offline' });
    await using bench = await openBench({ script: () => '', choice });
    expect(await answerTo(bench, '/job Wonder')).toContain('No language model is set up');
    expect(await answerTo(bench, '/list')).toContain('There was no job yet');
  });

  test('is stopped by /cancel, and a second /cancel says so', async () => {
    const never = Promise.withResolvers<string>();
    await using bench = await openBench({ script: () => never.promise });
    const id = idIn(await answerTo(bench, '/job Wonder'));
    await expect.poll(() => bench.modelCalls()).toBe(1);
    expect(await answerTo(bench, '/status')).toContain(`\`${id}\` running for`);
    expect(await answerTo(bench, '/cancel')).toContain(`Say which: /cancel ID.`);
    await answerTo(bench, `/cancel ${id}`);
    await bench.env.work.wait([id], AbortSignal.timeout(20_000));
    expect(await answerTo(bench, `/cancel ${id}`)).toContain('already cancelled');
    never.resolve('too late');
  });
});
