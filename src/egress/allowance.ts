/** How much may still pass, both ways, through one door. */
export interface Allowance {
  /** False where it is too much: then it must not pass, and neither may anything after it. */
  takeUp(bytes: number): boolean;
  takeDown(bytes: number): boolean;
  /** What passed. */
  used(): { readonly up: number; readonly down: number };
}

export function createAllowance(limits: {
  readonly uploadBytes: number;
  readonly downloadBytes: number;
}): Allowance {
  const up = createCount(limits.uploadBytes);
  const down = createCount(limits.downloadBytes);
  return { takeUp: up.take, takeDown: down.take, used: () => ({ up: up.used(), down: down.used() }) };
}

function createCount(limit: number) {
  let used = 0;
  let isOver = false;
  return {
    take(bytes: number): boolean {
      isOver ||= used + bytes > limit;
      if (!isOver) used += bytes;
      return !isOver;
    },
    used: () => used,
  };
}
