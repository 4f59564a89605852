import { IronbarkError } from '../core/errors.ts';
import { nearest } from './nearest.ts';
import { type Config, configSchema, sectionNames, settingRules } from './schema.ts';

/** Settings as somebody wrote them, not yet checked: sections of keys, where nobody made a mistake. */
export type Written = { readonly [section: string]: unknown };

/** One place settings come from. Later layers override earlier ones, key by key. */
export interface Layer {
  readonly written: Written;
  /** Where in this layer a setting stands, in words a person can follow: a file and line, a variable, a flag. */
  where(setting: string): string;
}

/** Settings by their dotted names, as a layer's sections. */
export function inSections(settings: readonly { setting: string; value: unknown }[]): Written {
  const written: Record<string, Record<string, unknown>> = {};
  for (const { setting, value } of settings) {
    const [section = '', key = ''] = setting.split('.');
    written[section] = { ...written[section], [key]: value };
  }
  return written;
}

/** Throws an `IronbarkError` of kind `config` that names the place of the first mistake in the layer. */
export function checkLayer(layer: Layer): void {
  const checked = configSchema.safeParse(layer.written);
  const issue = checked.error?.issues[0];
  if (!issue) return;
  const place = issue.path.join('.');
  if (issue.code === 'unrecognized_keys') throw unknownKey(layer, [...issue.path, issue.keys[0]].join('.'));
  throw new IronbarkError(
    'config',
    `${layer.where(place)}: ${place} ${issue.message}.`,
    'Correct or remove it. `ironbark config show` lists every setting with its value.',
  );
}

/** The configuration that the layers make together, and the layer that decided each setting. */
export function combine(layers: readonly Layer[]): { config: Config; deciders: ReadonlyMap<string, Layer> } {
  const settings = layers.flatMap((layer) => settingsOf(layer));
  const deciders = new Map(settings.map(({ setting, layer }) => [setting, layer]));
  return { config: configSchema.parse(inSections(settings)), deciders };
}

function settingsOf(layer: Layer): { setting: string; value: unknown; layer: Layer }[] {
  return Object.entries(layer.written).flatMap(([section, keys]) =>
    Object.entries(keys ?? {}).map(([key, value]) => ({ setting: `${section}.${key}`, value, layer })),
  );
}

function unknownKey(layer: Layer, key: string): IronbarkError {
  const meant = nearest(key, [...settingRules.keys(), ...sectionNames]);
  return new IronbarkError(
    'config',
    `${layer.where(key)}: unknown setting "${key}".`,
    meant ? `Did you mean "${meant}"?` : 'Remove it. `ironbark config show` lists every setting.',
  );
}
