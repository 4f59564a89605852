/** A value as it stands in a query. */
export const inQuery = (value: string): string =>
  encodeURIComponent(value.toWellFormed()).replace(
    /[!'()*]/g,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
  );

/** A value as it stands in a path. The colon stays: services that take keys there compare it unencoded. */
export const inPath = (value: string): string => inQuery(value).replaceAll('%3A', ':');

/** A URL cut before its path and before its query; together they are the whole. */
export function urlParts(url: string): {
  readonly authority: string;
  readonly path: string;
  readonly query: string;
} {
  const pathStart = url.indexOf('/', url.indexOf('://') + 3);
  if (pathStart < 0) return { authority: url, path: '', query: '' };
  const mark = url.indexOf('?', pathStart);
  const queryStart = mark < 0 ? url.length : mark;
  return {
    authority: url.slice(0, pathStart),
    path: url.slice(pathStart, queryStart),
    query: url.slice(queryStart),
  };
}

/** A query (with its question mark) without the parameters of these names; the others stay letter by letter. */
export function withoutParameters(query: string, names: ReadonlySet<string>): string {
  if (query === '' || names.size === 0) return query;
  const kept = query
    .slice(1)
    .split('&')
    .filter((pair) => !names.has(nameOf(pair)));
  return kept.join('&') === '' ? '' : `?${kept.join('&')}`;
}

function nameOf(pair: string): string {
  const [raw = ''] = pair.split('=');
  return new URLSearchParams(`${raw}=`).keys().next().value ?? '';
}
