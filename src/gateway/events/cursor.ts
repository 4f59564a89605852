/**
 * How far a reader has got, as the id of an event. Of one thread: the number of its last entry. Of all threads: every
 * entry made before `since` was read, and of each thread listed every entry up to that number; what is in neither was
 * not. The list holds what happened lately, so that an id stays short however many threads there are.
 */
export type Cursor =
  | { readonly of: 'thread'; readonly threadId: string; readonly seq: number }
  | { readonly of: 'all'; readonly since: number; readonly seqs: ReadonlyMap<string, number> };

export function formatCursor(cursor: Cursor): string {
  if (cursor.of === 'thread') return place(cursor.threadId, cursor.seq);
  const places = [...cursor.seqs].map(([threadId, seq]) => place(threadId, seq));
  return ['all', cursor.since.toString(36), ...places].join(';');
}

/** Undefined where it is none. */
export function parseCursor(text: string): Cursor | undefined {
  const [kind, since = '', ...places] = text.split(';');
  if (kind !== 'all') {
    const [one] = readPlaces([text]);
    return one === undefined ? undefined : { of: 'thread', threadId: one[0], seq: one[1] };
  }
  const moment = Number.parseInt(since, 36);
  if (!Number.isSafeInteger(moment)) return undefined;
  return { of: 'all', since: moment, seqs: new Map(readPlaces(places)) };
}

/** Separators are among what is encoded. */
const place = (threadId: string, seq: number): string =>
  `${encodeURIComponent(threadId.toWellFormed())}:${seq}`;

function readPlaces(places: readonly string[]): readonly (readonly [string, number])[] {
  return places.flatMap((text) => {
    const [, threadId = '', seq = ''] = /^([^:;]{1,2000}):(\d{1,15})$/.exec(text) ?? [];
    const name = decoded(threadId);
    return name === '' ? [] : [[name, Number(seq)] as const];
  });
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return '';
  }
}
