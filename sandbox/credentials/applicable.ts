import { type Credential, matchesName } from '../../src/extensions/index.ts';
import { matchAllowlist, type Target } from '../../src/network/index.ts';

/**
 * The credentials that belong to a request to this target: one of its host patterns matches, and one of its path
 * patterns where it has any. Those that would put the same secret into the same place count once. Touches no value.
 */
export function applicableCredentials(
  credentials: readonly Credential[],
  target: Target,
): readonly Credential[] {
  const applicable = credentials.filter((credential) => applies(credential, target));
  return [...new Map(applicable.map((credential) => [placeOf(credential), credential])).values()];
}

function applies({ hostPatterns, pathPatterns }: Credential, target: Target): boolean {
  const hosts = hostPatterns.map((host) => ({ host, pathPrefix: '/', methods: [] }));
  if (!matchAllowlist(target, hosts).ok) return false;
  return pathPatterns.length === 0 || matchesName(target.path, pathPatterns);
}

const placeOf = ({ secretName, location }: Credential): string => JSON.stringify([secretName, location]);
