import { coerceError } from '../../src/core/errors.ts';
import { err, ok, type Result } from '../../src/core/result.ts';
import type { Credential } from '../../src/extensions/index.ts';
import { type Secret, type Secrets, secretHelp } from '../../src/secrets/index.ts';
import { refusal, type SealRefusal } from './refusal.ts';

/** A credential with its value at hand. */
export interface Loaded {
  readonly credential: Credential;
  readonly secret: Secret;
}

/** Fetches what the credentials need, each secret once. Optional ones are left out where theirs is not set. */
export async function loadCredentials(
  credentials: readonly Credential[],
  secrets: Secrets,
): Promise<Result<readonly Loaded[], SealRefusal>> {
  const loaded: Loaded[] = [];
  const fetched = new Map<string, Secret | undefined>();
  for (const credential of credentials) {
    const { secretName } = credential;
    const secret = fetched.has(secretName) ? ok(fetched.get(secretName)) : await load(credential, secrets);
    if (!secret.ok) return secret;
    fetched.set(secretName, secret.value);
    if (secret.value) loaded.push({ credential, secret: secret.value });
    else if (!credential.optional) return err(notSet(credential));
  }
  return ok(loaded);
}

async function load(
  credential: Credential,
  secrets: Secrets,
): Promise<Result<Secret | undefined, SealRefusal>> {
  try {
    return ok(await secrets.get(credential.secretName));
  } catch (thrown) {
    const why = coerceError(thrown).message;
    return err(
      refusal('secret-missing', credential, `The secret "${credential.secretName}" cannot be used: ${why}`),
    );
  }
}

const notSet = (credential: Credential): SealRefusal =>
  refusal(
    'secret-missing',
    credential,
    `The secret "${credential.secretName}" is not set. ${secretHelp(credential.secretName)}`,
  );
