import type { CredentialLocation } from '../../src/extensions/index.ts';
import type { OutgoingRequest } from '../../src/network/index.ts';
import type { Loaded } from './loaded.ts';
import { placeholdersOf, spellings } from './placeholder.ts';
import { type Gap, type Template, withGaps } from './template.ts';
import { inPath, inQuery, urlParts, withoutParameters } from './url-value.ts';

type Encode = Gap['encode'];

/** What a request is made of while no value stands in it. */
export interface RequestTemplate {
  readonly method: string;
  readonly url: Template;
  readonly headers: readonly (readonly [name: string, value: Template])[];
  readonly body: Uint8Array | undefined;
}

export function requestTemplate(request: OutgoingRequest, loaded: readonly Loaded[]): RequestTemplate {
  return {
    method: request.method,
    url: urlTemplate(request.url, loaded),
    headers: headerTemplates(request.headers, loaded),
    body: request.body,
  };
}

function urlTemplate(url: string, loaded: readonly Loaded[]): Template {
  const { authority, path, query } = urlParts(url);
  const parameters = loaded.flatMap(({ credential: { location }, secret }) =>
    location.type === 'query_param' ? [{ name: location.name, gap: { secret, encode: inQuery } }] : [],
  );
  const own = withoutParameters(query, new Set(parameters.map(({ name }) => name)));
  return [
    authority,
    ...withGaps(path, gapsFor(loaded, inPath)),
    ...withGaps(own, gapsFor(loaded, inQuery)),
    ...parameters.flatMap(({ name, gap }, index) => [
      `${own === '' && index === 0 ? '?' : '&'}${inQuery(name)}=`,
      gap,
    ]),
  ];
}

function headerTemplates(
  headers: OutgoingRequest['headers'],
  loaded: readonly Loaded[],
): RequestTemplate['headers'] {
  const injected = loaded.flatMap(({ credential: { location }, secret }) => {
    if (location.type === 'query_param' || location.type === 'url_path') return [];
    const { name, before, encode } = headerOf(location);
    return [[name, [before, { secret, encode }]] as const];
  });
  const replaced = new Set(injected.map(([name]) => name.toLowerCase()));
  const gaps = gapsFor(loaded, (value) => value);
  const own = headers
    .filter(([name]) => !replaced.has(name.toLowerCase()))
    .map(([name, value]) => [name, withGaps(value, gaps)] as const);
  return [...own, ...injected];
}

type HeaderLocation = Exclude<CredentialLocation, { type: 'query_param' | 'url_path' }>;

/** The header that a credential becomes: its name, what stands before the value, and how the value is written. */
export function headerOf(location: HeaderLocation): {
  readonly name: string;
  readonly before: string;
  readonly encode: Encode;
} {
  const asItIs: Encode = (value) => value;
  switch (location.type) {
    case 'bearer':
      return { name: 'Authorization', before: 'Bearer ', encode: asItIs };
    case 'basic':
      return {
        name: 'Authorization',
        before: 'Basic ',
        encode: (value) => Buffer.from(`${location.username}:${value}`).toString('base64'),
      };
    case 'header':
      return { name: location.name, before: location.prefix ?? '', encode: asItIs };
  }
}

function gapsFor(loaded: readonly Loaded[], encode: Encode): ReadonlyMap<string, Gap> {
  const gaps = new Map<string, Gap>();
  for (const { credential, secret } of loaded) {
    for (const text of placeholdersOf(credential).flatMap(spellings)) gaps.set(text, { secret, encode });
  }
  return gaps;
}
