import { err, ok, type Result } from '../../src/core/result.ts';
import type { Credential } from '../../src/extensions/index.ts';
import { type OutgoingRequest, parseTarget } from '../../src/network/index.ts';
import type { Secrets } from '../../src/secrets/index.ts';
import { applicableCredentials } from './applicable.ts';
import { loadCredentials } from './loaded.ts';
import { objectionTo } from './objection.ts';
import { placeholdersOf, spellings } from './placeholder.ts';
import { refusal, type SealRefusal } from './refusal.ts';
import { requestTemplate } from './request-template.ts';
import { type SealedRequest, seal } from './sealed-request.ts';
import { urlParts } from './url-value.ts';

/**
 * Puts the values of credentials into a request: of those whose patterns match its URL, into the header or query
 * parameter that they name (in place of what the guest put there), and wherever the guest wrote a declared
 * `{PLACEHOLDER}` in the path, the query or a header, never in the body. Optional ones are left out where their
 * secret is not set or the request has no place for it.
 */
export async function sealRequest(
  request: OutgoingRequest,
  credentials: readonly Credential[],
  secrets: Secrets,
): Promise<Result<SealedRequest, SealRefusal>> {
  const inHost = placeholderInHost(request.url, credentials);
  if (inHost) return err(inHost);
  const loaded = await loadCredentials(matching(request, credentials), secrets);
  if (!loaded.ok) return loaded;
  const template = requestTemplate(request, loaded.value);
  const objection = objectionTo(loaded.value, template);
  return objection ? err(objection) : ok(seal(template));
}

/** Matched anew although the caller did: a value never leaves on somebody else's word. */
function matching(request: OutgoingRequest, credentials: readonly Credential[]): readonly Credential[] {
  const target = parseTarget(request.method, request.url);
  return target.ok ? applicableCredentials(credentials, target.value) : [];
}

function placeholderInHost(url: string, credentials: readonly Credential[]): SealRefusal | undefined {
  const authority = urlParts(url).authority.toLowerCase();
  const found = credentials.find((credential) =>
    placeholdersOf(credential)
      .flatMap(spellings)
      .some((text) => authority.includes(text.toLowerCase())),
  );
  return found && refusal('placeholder-in-host', found, 'A placeholder cannot be a part of the host.');
}
