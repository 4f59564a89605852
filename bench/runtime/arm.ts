/** What one round of an arm yielded, by name. */
export type Measured = Readonly<Record<string, number>>;

/** One contender in one contest. It prepares itself once in its process; what it returns measures it, as often as asked. */
export type Arm = () => Promise<() => Promise<Measured>>;

/** Long enough that a collection of garbage is not the whole figure. */
const AT_LEAST_MS = 200;

/** How often something is done in a second, when it is done again and again for 200 ms. */
export async function perSecond(times: number, batch: (times: number) => Promise<void>): Promise<number> {
  const startedAt = performance.now();
  let done = 0;
  let elapsed = 0;
  for (; elapsed < AT_LEAST_MS; elapsed = performance.now() - startedAt) {
    await batch(times);
    done += times;
  }
  return (1_000 * done) / elapsed;
}

/** Bytes of heap that each of so many things takes up, once there is no more garbage. */
export async function heapPerItem(count: number, create: () => Promise<unknown>): Promise<number> {
  const before = await heapInUse();
  const kept = await create();
  const after = await heapInUse();
  // Mentioned once more, so that what is weighed is still held.
  if (kept === undefined) throw new Error('nothing was created');
  return (after - before) / count;
}

async function heapInUse(): Promise<number> {
  if (!globalThis.gc) throw new Error('the heap can only be weighed with --expose-gc');
  for (let turn = 0; turn < 3; turn++) {
    await macrotask();
    globalThis.gc();
  }
  return process.memoryUsage().heapUsed;
}

export function macrotask(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
