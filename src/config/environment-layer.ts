import { inSections, type Layer } from './layer.ts';
import { settingRules } from './schema.ts';

export type Environment = { readonly [name: string]: string | undefined };

/** Shorter or customary names; of several that are set, the first one counts. */
const OTHER_NAMES: { readonly [setting: string]: readonly string[] } = {
  'gateway.host': ['IRONBARK_HOST'],
  'gateway.port': ['IRONBARK_PORT'],
  'database.url': ['DATABASE_URL'],
  'user.timezone': ['IRONBARK_TIMEZONE'],
};

/** Left to the choice of the model, which weighs them against the providers' own variables. */
const LEFT_TO_THE_CHOICE: ReadonlySet<string> = new Set(
  ['provider', 'model', 'base_url', 'api_key', 'fallback', 'cheap_model', 'thinking'].map(
    (name) => `llm.${name}`,
  ),
);

/** Settings from the environment: `IRONBARK_` and the setting's name, and the names above. Empty means unset. */
export function environmentLayer(env: Environment): Layer {
  const found = settingsIn(env);
  return {
    written: inSections(found),
    where: (setting) => {
      const variable = found.find((candidate) => candidate.setting === setting)?.variable;
      return variable === undefined ? 'the environment' : `the environment variable ${variable}`;
    },
  };
}

interface Found {
  readonly setting: string;
  readonly variable: string;
  readonly value: unknown;
}

function settingsIn(env: Environment): readonly Found[] {
  return [...settingRules.keys()]
    .filter((setting) => !LEFT_TO_THE_CHOICE.has(setting))
    .flatMap((setting) => {
      const variable = variablesOf(setting).find((name) => env[name]);
      return variable === undefined
        ? []
        : [{ setting, variable, value: typed(setting, env[variable] ?? '') }];
    });
}

function variablesOf(setting: string): readonly string[] {
  const own = `IRONBARK_${setting.replace('.', '_').toUpperCase()}`;
  return [own, ...(OTHER_NAMES[setting] ?? [])];
}

/** The environment holds only text: where the setting takes a number or a truth value, the text is read as one. */
function typed(setting: string, text: string): unknown {
  const rule = settingRules.get(setting);
  const readings = [text, asNumber(text), asTruth(text)].filter((reading) => reading !== undefined);
  return readings.find((reading) => rule?.safeParse(reading).success) ?? text;
}

function asNumber(text: string): number | undefined {
  return /^-?\d+(?:\.\d+)?$/.test(text) ? Number(text) : undefined;
}

function asTruth(text: string): boolean | undefined {
  if (/^(1|true|yes|on)$/i.test(text)) return true;
  return /^(0|false|no|off)$/i.test(text) ? false : undefined;
}
