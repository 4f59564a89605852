import { ARMS, isArmName } from './runtime/arms.ts';
import type { Question } from './runtime/process.ts';

/** The program of `startArm`: answers every question about its arm, until its parent lets go of it. */
const name = process.argv[2];
if (!isArmName(name)) throw new Error(`no arm "${name}"`);
const arm = await ARMS[name]();
const measure = await arm();

async function explain(): Promise<unknown> {
  const { profileHeap, profileTime } = await import('./runtime/profile.ts');
  const profile = name?.startsWith('memory') ? profileHeap : profileTime;
  await measure();
  return profile(measure);
}

process.on('message', async (question: Question) => {
  process.send?.(question === 'measure' ? await measure() : await explain());
});
process.once('disconnect', () => process.exit(0));
