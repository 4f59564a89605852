import type { CredentialLocation } from '../../src/extensions/index.ts';
import { isSenderHeader } from '../../src/network/index.ts';
import { FEWEST_KNOWN_CHARACTERS } from '../../src/safety/index.ts';
import { isHeaderName, isHeaderValue } from './header-rules.ts';
import type { Loaded } from './loaded.ts';
import { placeholdersOf } from './placeholder.ts';
import { refusal, type SealRefusal } from './refusal.ts';
import { headerOf, type RequestTemplate } from './request-template.ts';
import { isGap } from './template.ts';

/** What speaks against putting these credentials into one request, or undefined. */
export function objectionTo(loaded: readonly Loaded[], template: RequestTemplate): SealRefusal | undefined {
  return (
    conflict(loaded) ??
    first(loaded, valueObjection) ??
    first(loaded, (each) => placeholderObjection(each, template))
  );
}

function first(
  loaded: readonly Loaded[],
  objection: (each: Loaded) => SealRefusal | undefined,
): SealRefusal | undefined {
  return loaded.map(objection).find((found) => found !== undefined);
}

/** Two values for one place: which of them is meant nobody can know. */
function conflict(loaded: readonly Loaded[]): SealRefusal | undefined {
  const taken = new Set<string>();
  for (const { credential } of loaded) {
    const place = placeOf(credential.location);
    if (taken.has(place)) {
      return refusal('header-conflict', credential, `Two credentials are meant for the ${place}.`);
    }
    taken.add(place);
  }
  return undefined;
}

function placeOf(location: CredentialLocation): string {
  if (location.type === 'query_param') return `query parameter ${location.name}`;
  if (location.type === 'url_path') return `placeholder ${location.placeholder}`;
  return `header ${headerOf(location).name.toLowerCase()}`;
}

function valueObjection({ credential, secret }: Loaded): SealRefusal | undefined {
  const { location, secretName } = credential;
  const value = secret.expose();
  if (value.length < FEWEST_KNOWN_CHARACTERS) {
    const why = `The secret "${secretName}" is too short to be kept out of answers: it needs ${FEWEST_KNOWN_CHARACTERS} characters.`;
    return refusal('value-invalid', credential, why);
  }
  if (location.type === 'basic' && /[:\p{Cc}]/u.test(location.username)) {
    return refusal(
      'value-invalid',
      credential,
      'The user name of a credential has a colon or a control character.',
    );
  }
  if (location.type === 'header' && (!isHeaderName(location.name) || isSenderHeader(location.name))) {
    return refusal('header-conflict', credential, `No credential can be the header ${location.name}.`);
  }
  return /\p{Cc}/u.test(value) || (mayBeHeader(location) && !fitsHeader(location, value))
    ? refusal(
        'value-invalid',
        credential,
        `The secret "${secretName}" holds a character that cannot be sent.`,
      )
    : undefined;
}

/** Where a value stands in a query it is encoded, and in base64 as well. */
const mayBeHeader = ({ type }: CredentialLocation): boolean => type !== 'query_param' && type !== 'basic';

function fitsHeader(location: CredentialLocation, value: string): boolean {
  const prefix = location.type === 'header' ? (location.prefix ?? '') : '';
  return value.trim() === value && isHeaderValue(prefix + value);
}

function placeholderObjection(
  { credential, secret }: Loaded,
  { url, headers }: RequestTemplate,
): SealRefusal | undefined {
  if (credential.location.type !== 'url_path' || credential.optional) return undefined;
  const pieces = [...url, ...headers.flatMap(([, value]) => value)];
  if (pieces.some((piece) => isGap(piece) && piece.secret === secret)) return undefined;
  const [name] = placeholdersOf(credential);
  const why = `The request needs the placeholder {${name}} in its path: the secret "${credential.secretName}" goes there.`;
  return refusal('placeholder-missing', credential, why);
}
