import { join, resolve } from 'node:path';
import type { SettingSource } from '../core/settings.ts';
import { type Environment, environmentLayer } from './environment-layer.ts';
import { fileLayer } from './file-layer.ts';
import { withoutTilde } from './home.ts';
import { checkLayer, combine, inSections, type Layer } from './layer.ts';
import { DEFAULT_PROFILE, profilePath } from './profile.ts';
import { type Config, secretSettings, settingRules } from './schema.ts';

export interface ConfigRequest {
  /** Absolute path of the home folder. It need not exist yet. */
  readonly home: string;
  readonly env: Environment;
  /** Name of a profile; without it `IRONBARK_PROFILE`, else `local`. */
  readonly profile?: string;
  /** What the command line says: it beats everything else. */
  readonly overrides?: readonly Override[];
}

export interface Override {
  /** For example `gateway.port`. */
  readonly setting: string;
  readonly value: unknown;
  /** How the user wrote it, for error messages, for example `--port`. */
  readonly flag: string;
}

/** One line of `ironbark config show`. Passwords and keys are not in it. */
interface ExplainedSetting {
  readonly setting: string;
  readonly value: unknown;
  /** Where the value comes from: `default`, a file and line, a variable or a flag. */
  readonly source: string;
}

/** Defaults ← profile ← `<home>/config.toml` ← environment ← command line. Throws `config` errors. */
export function loadConfig(request: ConfigRequest): Config {
  return completed(combine(checkedLayers(request)).config, request.home);
}

/** Every setting with its value and its source. */
export function explainConfig(request: ConfigRequest): readonly ExplainedSetting[] {
  const { config, deciders } = combine(checkedLayers(request));
  const values: { readonly [section: string]: { readonly [key: string]: unknown } } = completed(
    config,
    request.home,
  );
  return [...settingRules.keys()].map((setting) => {
    const [section = '', key = ''] = setting.split('.');
    const source = deciders.get(setting)?.where(setting) ?? 'default';
    return { setting, value: withoutSecrets(setting, values[section]?.[key]), source };
  });
}

/** What decided a setting, and the place of it in words. */
export interface Decider {
  readonly source: SettingSource;
  readonly place: string;
}

/** The configuration as `loadConfig` gives it, and who decided each setting. */
export function readSettings(request: ConfigRequest): {
  readonly config: Config;
  readonly deciderOf: (setting: string) => Decider;
} {
  const layers = checkedLayers(request);
  const { config, deciders } = combine(layers);
  const sourceOf = new Map(layers.map((layer, at) => [layer, LAYER_SOURCES[at] ?? 'default']));
  return {
    config: completed(config, request.home),
    deciderOf(setting) {
      const layer = deciders.get(setting);
      if (layer === undefined) return { source: 'default', place: 'default' };
      return { source: sourceOf.get(layer) ?? 'default', place: layer.where(setting) };
    },
  };
}

/** In the order of `checkedLayers`. */
const LAYER_SOURCES: readonly SettingSource[] = ['profile', 'file', 'environment', 'command_line'];

/** The file that belongs to the user. */
export function configPath(home: string): string {
  return join(home, 'config.toml');
}

function checkedLayers({ home, env, profile, overrides = [] }: ConfigRequest): readonly Layer[] {
  const layers = [
    fileLayer(profilePath(home, profile || env.IRONBARK_PROFILE || DEFAULT_PROFILE)),
    fileLayer(configPath(home)),
    environmentLayer(env),
    overrideLayer(overrides),
  ];
  layers.forEach(checkLayer);
  return layers;
}

function overrideLayer(overrides: readonly Override[]): Layer {
  const flagOf = (setting: string) => overrides.find((override) => override.setting === setting)?.flag;
  return { written: inSections(overrides), where: (setting) => flagOf(setting) ?? 'the command line' };
}

function completed(config: Config, home: string): Config {
  return { ...config, files: { ...config.files, root: resolve(home, withoutTilde(config.files.root)) } };
}

function withoutSecrets(setting: string, value: unknown): unknown {
  if (value === undefined) return undefined;
  if (secretSettings.has(setting)) return '(set, not shown)';
  return setting === 'database.url' ? withoutPassword(String(value)) : value;
}

/** A password may stand before the `@` or in the query (`?password=`): whatever is unclear is left out whole. */
export function withoutPassword(url: string): string {
  if (!URL.canParse(url)) return '(set, not shown)';
  const { protocol, username, host, pathname } = new URL(url);
  return `${protocol}//${username ? `${username}@` : ''}${host}${pathname}`;
}
