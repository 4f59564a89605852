import type { Credential } from '../../src/extensions/index.ts';

/** What a guest may write, in braces, where the value of this credential shall stand. */
export function placeholdersOf({ location, secretName, key }: Credential): readonly string[] {
  if (location.type === 'url_path') return [location.placeholder.replace(/^\{(.*)\}$/s, '$1')];
  return location.type === 'header' ? [...new Set([inCapitals(secretName), inCapitals(key)])] : [];
}

const inCapitals = (name: string): string => name.toUpperCase().replace(/[-.]/g, '_');

/** As a guest writes it in a header, and as it comes out of the URL parser. */
export const spellings = (placeholder: string): readonly string[] => [
  `{${placeholder}}`,
  `%7B${placeholder}%7D`,
  `%7b${placeholder}%7d`,
];
