import { HOST_PATTERN } from './allow-rule.ts';
import { type Fields, readSection } from './fields.ts';
import { below, type Findings, type Place, quoted } from './findings.ts';
import type { Credential, CredentialLocation } from './manifest.ts';
import { readEntries, readFlag, readRequired, readText, readTexts } from './read-value.ts';
import {
  HEADER_NAME,
  HEADER_PREFIX,
  NAME,
  PATH_PATTERN,
  PLACEHOLDER,
  QUERY_NAME,
  SECRET_NAME,
  USERNAME,
} from './text-rules.ts';

/** Keys are compared in lower case: two that differ in nothing else are a mistake. */
export function readCredentials(findings: Findings, place: Place | undefined): readonly Credential[] {
  const keys = new Set<string>();
  return readEntries(findings, place, (written, inner) => {
    const key = readText(findings, { path: inner.path, value: written.toLowerCase() }, NAME);
    if (key === undefined) return undefined;
    if (keys.has(key)) findings.trouble(inner.path, `is the same key as another but for its case: "${key}"`);
    keys.add(key);
    return readCredential(findings, key, inner);
  });
}

function readCredential(findings: Findings, key: string, place: Place): Credential | undefined {
  return readSection(findings, place, (fields) => {
    const secret = fields.take('secret_name');
    const secretName = readRequired(findings, fields.path, 'secret_name', secret, SECRET_NAME);
    const location = readLocation(findings, fields);
    const hosts = fields.take('host_patterns');
    const hostPatterns = readTexts(findings, hosts, HOST_PATTERN);
    if (hosts === undefined || isEmptyList(hosts))
      findings.trouble(below(fields.path, 'host_patterns'), 'must name the hosts that the secret may go to');
    const pathPatterns = readTexts(findings, fields.take('path_patterns'), PATH_PATTERN);
    const optional = readFlag(findings, fields.take('optional'), false);
    if (secretName === undefined || location === undefined) return undefined;
    return { key, secretName, location, hostPatterns, pathPatterns, optional };
  });
}

const isEmptyList = ({ value }: Place): boolean => Array.isArray(value) && value.length === 0;

function readLocation(findings: Findings, { path, take }: Fields): CredentialLocation | undefined {
  const place = take('location');
  if (place === undefined) {
    findings.trouble(below(path, 'location'), `is missing: ${LOCATIONS}`);
    return undefined;
  }
  // Some manifests give the type alone, where nothing else is needed.
  const section =
    typeof place.value === 'string' ? { path: place.path, value: { type: place.value } } : place;
  return readSection(findings, section, (fields) => locationOf(findings, fields));
}

const LOCATIONS = 'the type of a location is bearer, basic, header, query_param or url_path';

function locationOf(findings: Findings, fields: Fields): CredentialLocation | undefined {
  const type = fields.take('type');
  switch (type?.value) {
    case 'bearer':
    case 'authorization_bearer':
      return { type: 'bearer' };
    case 'basic':
    case 'authorization_basic':
      return basicLocation(findings, fields);
    case 'header':
      return headerLocation(findings, fields);
    case 'query':
    case 'query_param':
      return queryLocation(findings, fields);
    case 'url_path':
      return pathLocation(findings, fields);
    default:
      return unknownLocation(findings, fields, type);
  }
}

function unknownLocation(findings: Findings, fields: Fields, type: Place | undefined): undefined {
  fields.takeRest();
  const given = type === undefined ? 'is missing' : `${quoted(type.value)} is not known`;
  findings.trouble(below(fields.path, 'type'), `${given}: ${LOCATIONS}`);
}

function basicLocation(findings: Findings, { path, take }: Fields): CredentialLocation | undefined {
  const username = readRequired(findings, path, 'username', take('username'), USERNAME);
  return username === undefined ? undefined : { type: 'basic', username };
}

function headerLocation(findings: Findings, { path, take }: Fields): CredentialLocation | undefined {
  const name = readRequired(findings, path, 'name', take('name', 'header_name'), HEADER_NAME);
  const prefix = readText(findings, take('prefix'), HEADER_PREFIX);
  if (name === undefined) return undefined;
  return prefix === undefined ? { type: 'header', name } : { type: 'header', name, prefix };
}

function queryLocation(findings: Findings, { path, take }: Fields): CredentialLocation | undefined {
  const name = readRequired(findings, path, 'name', take('name', 'param_name'), QUERY_NAME);
  return name === undefined ? undefined : { type: 'query_param', name };
}

function pathLocation(findings: Findings, { path, take }: Fields): CredentialLocation | undefined {
  const placeholder = readRequired(findings, path, 'placeholder', take('placeholder'), PLACEHOLDER);
  return placeholder === undefined ? undefined : { type: 'url_path', placeholder };
}
