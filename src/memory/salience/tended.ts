export const isFactPath = (path: string): boolean => path.startsWith('facts/') && path.endsWith('.md');

/** `episodes/2026-03-14/<conversation>.md` gives its day. */
export const dayOfEpisode = (path: string): string | undefined =>
  /^episodes\/(\d{4}-\d\d-\d\d)\/[^/]+\.md$/.exec(path)?.[1];

/** One document a month, of what became of its episodes. */
export const digestPath = (day: string): string => `episodes/${day.slice(0, 7)}.md`;

export const isDigest = (path: string): boolean => /^episodes\/\d{4}-\d\d\.md$/.test(path);

/** Whether a document may fade, so that uses of its passages are counted. */
export const isTended = (path: string): boolean =>
  isFactPath(path) || isDigest(path) || dayOfEpisode(path) !== undefined;
