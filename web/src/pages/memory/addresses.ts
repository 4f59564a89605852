/** Where the page shows a document; with words, beside what was found with them. */
export function documentAddress(path: string, words = ''): string {
  const query = new URLSearchParams({ path });
  if (words !== '') query.set('q', words);
  return `/memory?${query}`;
}

/** Where the page shows what was found. */
export function searchAddress(words: string, path?: string): string {
  const query = new URLSearchParams();
  if (path !== undefined) query.set('path', path);
  if (words !== '') query.set('q', words);
  return query.size === 0 ? '/memory' : `/memory?${query}`;
}

export const conversationAddress = (id: string): string => `/chat/${encodeURIComponent(id)}`;
