/** How long a part of the tree that is being restarted is waited for, and how often it is looked for, in milliseconds. */
const LONGEST_ABSENCE_MS = 5_000;
const LOOK_AGAIN_MS = 50;

/**
 * Asks again until there is an answer; undefined where none came in five seconds of waiting, or nobody wants it any
 * more. What the questions themselves take is not counted.
 */
export async function patiently<T>(
  signal: AbortSignal,
  question: () => Promise<T | undefined>,
): Promise<T | undefined> {
  for (let waitedMs = 0; waitedMs < LONGEST_ABSENCE_MS && !signal.aborted; waitedMs += LOOK_AGAIN_MS) {
    const answer = await question();
    if (answer !== undefined) return answer;
    await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN_MS));
  }
  return undefined;
}
