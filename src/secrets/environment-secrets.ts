import { Secret } from './secret.ts';
import { readSecretFile } from './secret-file.ts';
import type { Secrets } from './secrets.ts';
import { fileVariableOf, isFileVariable, nameIn, variableOf } from './variable.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Secrets from `IRONBARK_SECRET_<NAME>` and from the files that `IRONBARK_SECRET_<NAME>_FILE` name (name in capitals,
 * `-` and `.` as `_`; a value goes before a file). Files are read whenever their secret is asked for, so that one
 * that was changed counts at once; one that everybody may read is refused.
 */
export function environmentSecrets(env: Environment): Secrets {
  return {
    has: async (name) => sourceOf(env, name) !== undefined,
    async get(name) {
      const source = sourceOf(env, name);
      if (source === undefined) return undefined;
      const value =
        'path' in source
          ? await readSecretFile(source.path, `Correct ${fileVariableOf(name)}.`)
          : source.value;
      return value === '' ? undefined : new Secret(name, value);
    },
    async names() {
      const names = Object.keys(env).flatMap((variable) => (env[variable] ? (nameIn(variable) ?? []) : []));
      return [...new Set(names)].sort();
    },
  };
}

type Source = { readonly value: string } | { readonly path: string };

function sourceOf(env: Environment, name: string): Source | undefined {
  const variable = variableOf(name);
  const value = isFileVariable(variable) ? undefined : env[variable];
  if (value) return { value: value.replace(/[\r\n]{1,4}$/, '') };
  const path = env[fileVariableOf(name)];
  return path ? { path } : undefined;
}
