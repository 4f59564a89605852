import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { IronbarkError } from '../../core/errors.ts';
import type { MasterKeySource } from '../../core/secrets.ts';
import type { Environment } from '../environment-secrets.ts';
import { readSecretFile } from '../secret-file.ts';
import { type MasterKey, masterKey, parseKey } from './master-key.ts';

const VARIABLE = 'IRONBARK_MASTER_KEY';
const FORMER = 'IRONBARK_MASTER_KEY_OLD';
const CREDENTIAL = 'ironbark-master-key';

/** Keys that whoever starts Ironbark gives to it, first those that count before others; former ones are last. */
export async function givenKeys(env: Environment): Promise<readonly MasterKey[]> {
  const texts = [
    fromVariable(env, VARIABLE, false),
    await fromFile(env, VARIABLE, false),
    await fromSystemd(env),
    fromVariable(env, FORMER, true),
    await fromFile(env, FORMER, true),
  ];
  return texts.flatMap((given) => (given === undefined ? [] : [parsed(given)]));
}

interface Given {
  readonly text: string;
  readonly source: MasterKeySource;
  readonly former: boolean;
  /** For people. */
  readonly where: string;
}

function fromVariable(env: Environment, variable: string, former: boolean): Given | undefined {
  const text = env[variable];
  return text ? { text, source: 'environment', former, where: `the variable ${variable}` } : undefined;
}

async function fromFile(env: Environment, stem: string, former: boolean): Promise<Given | undefined> {
  const variable = `${stem}_FILE`;
  const path = env[variable];
  if (!path) return undefined;
  const text = await readSecretFile(path, `Correct ${variable}.`);
  return { text, source: 'file', former, where: `the file ${path} (${variable})` };
}

/** A service may have other credentials and not this one. */
async function fromSystemd(env: Environment): Promise<Given | undefined> {
  const folder = env.CREDENTIALS_DIRECTORY;
  const path = folder && join(folder, CREDENTIAL);
  if (!path || !existsSync(path)) return undefined;
  const text = await readSecretFile(path, `Correct the credential ${CREDENTIAL} of the service.`);
  return { text, source: 'systemd', former: false, where: `the systemd credential ${CREDENTIAL}` };
}

function parsed({ text, source, former, where }: Given): MasterKey {
  const bytes = parseKey(text);
  if (bytes) return masterKey(bytes, source, former);
  throw new IronbarkError(
    'config',
    `What ${where} holds is not a master key: that is 32 bytes, as 64 hexadecimal digits or 44 characters of base64.`,
    'Correct it. To make a new one: openssl rand -base64 32',
  );
}
