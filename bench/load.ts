/** What came of a number of things done by several workers, each doing one after the other. */
export interface Load {
  /** Milliseconds that each took. */
  readonly latencies: readonly number[];
  readonly perSecond: number;
}

/** @param work does one thing as the given worker and resolves with its milliseconds */
export async function runLoad(
  workers: number,
  times: number,
  work: (worker: number) => Promise<number>,
): Promise<Load> {
  const startedAt = performance.now();
  const each = await Promise.all(
    Array.from({ length: workers }, (_, worker) => repeat(times, () => work(worker))),
  );
  const seconds = (performance.now() - startedAt) / 1000;
  const latencies = each.flat();
  return { latencies, perSecond: latencies.length / seconds };
}

async function repeat(times: number, work: () => Promise<number>): Promise<readonly number[]> {
  const latencies: number[] = [];
  for (let time = 0; time < times; time++) latencies.push(await work());
  return latencies;
}
