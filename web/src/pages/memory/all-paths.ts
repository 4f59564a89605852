import type { MemoryPathsReply } from '../../../../src/core/api/memory.ts';
import { api } from '../../api.ts';

export interface AllPaths {
  readonly paths: readonly string[];
  /** There are more; a search finds them. */
  readonly isCut: boolean;
}

const PAGE = 1_000;
/** More are no tree that anybody looks through. Some 1 MB. */
const MOST = 10_000;

/** The paths of all documents, a thousand with each request. */
export async function allPaths(signal: AbortSignal): Promise<AllPaths> {
  const paths: string[] = [];
  while (paths.length < MOST) {
    const query = { limit: PAGE, after: paths.at(-1) };
    const page = await api<MemoryPathsReply>('/api/memory/paths', { query, signal });
    paths.push(...page.paths);
    if (page.paths.length < PAGE) return { paths, isCut: false };
  }
  return { paths, isCut: true };
}
