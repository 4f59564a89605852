import { METHOD } from './allow-rule.ts';
import { type Fields, readSection } from './fields.ts';
import type { Findings, Place } from './findings.ts';
import type { Auth, OAuth, ValidationEndpoint } from './manifest.ts';
import {
  readFlag,
  readNumber,
  readProse,
  readRequired,
  readText,
  readTextRecord,
  readTexts,
} from './read-value.ts';
import { ENVIRONMENT_VARIABLE, HTTPS_URL, SECRET_NAME, TOKEN } from './text-rules.ts';

export function readAuth(findings: Findings, place: Place | undefined): Auth | undefined {
  return readSection(findings, place, ({ path, take }) => {
    const secretName = readRequired(findings, path, 'secret_name', take('secret_name'), SECRET_NAME);
    const rest = {
      displayName: readProse(findings, take('display_name')),
      oauth: readOAuth(findings, take('oauth')),
      instructions: readProse(findings, take('instructions')),
      setupUrl: readText(findings, take('setup_url'), HTTPS_URL),
      tokenHint: readProse(findings, take('token_hint')),
      envVar: readText(findings, take('env_var'), ENVIRONMENT_VARIABLE),
      provider: readProse(findings, take('provider')),
      validation: readValidation(findings, take('validation_endpoint')),
      optional: readFlag(findings, take('optional'), false),
    };
    return secretName === undefined ? undefined : { secretName, ...rest };
  });
}

function readOAuth(findings: Findings, place: Place | undefined): OAuth | undefined {
  return readSection(findings, place, (fields) => {
    const { path, take } = fields;
    const authorization = take('authorization_url');
    const authorizationUrl = readRequired(findings, path, 'authorization_url', authorization, HTTPS_URL);
    const tokenUrl = readRequired(findings, path, 'token_url', take('token_url'), HTTPS_URL);
    const rest = oauthClient(findings, fields);
    if (authorizationUrl === undefined || tokenUrl === undefined) return undefined;
    return { authorizationUrl, tokenUrl, ...rest };
  });
}

function oauthClient(findings: Findings, { take }: Fields): Omit<OAuth, 'authorizationUrl' | 'tokenUrl'> {
  return {
    clientId: readText(findings, take('client_id'), TOKEN),
    clientIdEnv: readText(findings, take('client_id_env'), ENVIRONMENT_VARIABLE),
    clientSecret: readText(findings, take('client_secret'), TOKEN),
    clientSecretEnv: readText(findings, take('client_secret_env'), ENVIRONMENT_VARIABLE),
    scopes: readTexts(findings, take('scopes'), TOKEN),
    usePkce: readFlag(findings, take('use_pkce'), true),
    extraParams: readTextRecord(findings, take('extra_params')),
    pendingInstructions: readProse(findings, take('pending_instructions')),
    accessTokenField: readText(findings, take('access_token_field'), TOKEN) ?? 'access_token',
  };
}

function readValidation(findings: Findings, place: Place | undefined): ValidationEndpoint | undefined {
  return readSection(findings, place, ({ path, take }) => {
    const url = readRequired(findings, path, 'url', take('url'), HTTPS_URL);
    const rest = {
      method: readText(findings, take('method'), METHOD) ?? 'GET',
      successStatus: readNumber(findings, take('success_status'), { fallback: 200, most: 599 }),
      headers: readTextRecord(findings, take('headers')),
    };
    return url === undefined ? undefined : { url, ...rest };
  });
}
