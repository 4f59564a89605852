import { readFile, realpath, rename, stat, writeFile } from 'node:fs/promises';
import { isDeepStrictEqual } from 'node:util';
import { coerceError, IronbarkError } from '../core/errors.ts';
import type { Json } from '../core/json.ts';
import { err, ok, type Result } from '../core/result.ts';
import type { SettingInfo, SettingsChanged, SettingsDesk, SettingsTrouble } from '../core/settings.ts';
import { editToml } from './edit-toml.ts';
import { type ConfigRequest, configPath, type Decider, readSettings, withoutPassword } from './load.ts';
import { nearest } from './nearest.ts';
import { type Config, secretSettings, settingRules } from './schema.ts';
import { settingShapes } from './setting-shape.ts';

export interface SettingsDeskOptions {
  /** What the configuration is made of. */
  readonly request: ConfigRequest;
  /** What the assistant was started with. */
  readonly started: Config;
  /** Settings that `apply` can change in a running assistant. */
  readonly live: ReadonlySet<string>;
  /** Makes a configuration count for what is live of it. Resolves with what went wrong, as sentences. */
  apply(config: Config): Promise<readonly string[]>;
}

const AT_THE_MACHINE = 'It decides who reaches this assistant, or what it may touch';

/** Whoever has only got hold of a login must not open the door wider with it. */
const FIXED: ReadonlyMap<string, string> = new Map([
  ['gateway.host', AT_THE_MACHINE],
  ['gateway.allow_remote', AT_THE_MACHINE],
  ['gateway.allow_faults', AT_THE_MACHINE],
  ['files.root', AT_THE_MACHINE],
  ['secrets.keychain', AT_THE_MACHINE],
  ['database.url', 'It decides where everything is kept'],
  ['memory.layers', 'It decides who sees which part of memory'],
  ['llm.api_key', 'Keys are kept as secrets, encrypted'],
]);

/** Settings over the file of a home folder. A look at them reads two small files. */
export function createSettingsDesk({ request, started, live, apply }: SettingsDeskOptions): SettingsDesk {
  const file = configPath(request.home);
  let applied = started;
  let turn: Promise<unknown> = Promise.resolve();

  /** Two changes at once would otherwise both start from the same old file. */
  function inTurn<T>(work: () => Promise<T>): Promise<T> {
    const mine = turn.then(work);
    turn = mine.catch(() => {});
    return mine;
  }

  async function list() {
    const { config, deciderOf } = readSettings(request);
    const changedAt = await changeOf(file);
    const settings = [...settingShapes()].map(([key, shape]): SettingInfo => {
      const decider = deciderOf(key);
      const isLive = live.has(key);
      const running = isLive ? applied : started;
      return {
        ...shape,
        key,
        ...shown(key, valueIn(config, key)),
        ...decider,
        fixed: FIXED.get(key) ?? null,
        needsRestart: !isLive,
        restartPending: !isDeepStrictEqual(valueIn(config, key), valueIn(running, key)),
        updatedAt: decider.source === 'file' ? changedAt : null,
      };
    });
    return { settings, file };
  }

  async function change(
    wanted: ReadonlyMap<string, Json>,
  ): Promise<Result<SettingsChanged, SettingsTrouble>> {
    const current = readSettings(request).config;
    // An export holds what is fixed as well; that it stays as it is, is no change.
    const isSame = (key: string, value: Json): boolean =>
      FIXED.has(key) && isDeepStrictEqual(shown(key, valueIn(current, key)).value, value);
    const changes = new Map([...wanted].filter(([key, value]) => !isSame(key, value)));
    const objection = [...changes].map(([key, value]) => objectionTo(key, value, file)).find(Boolean);
    if (objection) return err(objection);
    const before = await textOf(file);
    const edited = editToml(before, new Map([...changes].map(([key, value]) => [key, value ?? undefined])));
    if (!edited.ok) return err(byHand(edited.error, file));
    const written = edited.value === before ? ok(undefined) : await write(file, edited.value);
    if (!written.ok) return err({ kind: 'unwritable', setting: '', message: written.error });
    const { config, deciderOf } = readSettings(request);
    applied = config;
    const notes = await apply(config);
    const keys = [...changes.keys()];
    return ok({
      changed: keys,
      notes: [...keys.flatMap((key) => overridden(key, deciderOf(key))), ...notes],
    });
  }

  return {
    list,
    change: (changes) => inTurn(() => change(changes)),
    async exported() {
      const { settings } = await list();
      const own = settings.filter(({ source, key }) => source === 'file' && !isPrivate(key));
      return Object.fromEntries(own.map(({ key, value }) => [key, value]));
    },
  };
}

/** May hold a password or a key. */
const isPrivate = (key: string): boolean => secretSettings.has(key) || key === 'database.url';

function objectionTo(setting: string, value: Json, file: string): SettingsTrouble | undefined {
  const rule = settingRules.get(setting);
  if (rule === undefined) return { kind: 'unknown', setting, message: unknownText(setting) };
  const fixed = FIXED.get(setting);
  if (fixed !== undefined) {
    return { kind: 'fixed', setting, message: `${fixed}, so ${setting} is changed in ${file} alone.` };
  }
  if (value === null) return undefined;
  const checked = rule.safeParse(value);
  if (checked.success) return undefined;
  return { kind: 'invalid', setting, message: checked.error.issues[0]?.message ?? 'is not valid' };
}

function unknownText(setting: string): string {
  const meant = nearest(setting, [...settingRules.keys()]);
  return `There is no setting "${setting.slice(0, 100)}".${meant ? ` Did you mean "${meant}"?` : ''}`;
}

const byHand = (setting: string, file: string): SettingsTrouble => ({
  kind: 'unwritable',
  setting,
  message: `${setting} stands in ${file} in a way that cannot be changed from here. Change it there.`,
});

function overridden(setting: string, { source, place }: Decider): readonly string[] {
  if (source !== 'environment' && source !== 'command_line') return [];
  return [`${setting} is decided by ${place}, which goes before the file.`];
}

function shown(key: string, value: unknown): Pick<SettingInfo, 'value' | 'secret' | 'isSet'> {
  const secret = secretSettings.has(key);
  const isSet = value !== undefined;
  if (secret || !isSet) return { value: null, secret, isSet };
  if (key === 'database.url') return { value: withoutPassword(String(value)), secret, isSet };
  const plain: Json = JSON.parse(JSON.stringify(value));
  return { value: plain, secret, isSet };
}

function valueIn(config: Config, setting: string): unknown {
  const sections: { readonly [section: string]: { readonly [key: string]: unknown } } = config;
  const [section = '', key = ''] = setting.split('.');
  return sections[section]?.[key];
}

async function changeOf(file: string): Promise<string | null> {
  try {
    return (await stat(file)).mtime.toISOString();
  } catch {
    return null;
  }
}

/** An absent file says nothing. */
async function textOf(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (thrown) {
    if (thrown instanceof Error && 'code' in thrown && thrown.code === 'ENOENT') return '';
    const reason = coerceError(thrown).message;
    throw new IronbarkError(
      'config',
      `${file} cannot be read: ${reason}`,
      'Make it a file that you may read.',
    );
  }
}

const OWNER_ONLY = 0o600;

/** Whole or not at all, through a link to the file that it names. */
async function write(file: string, text: string): Promise<Result<void, string>> {
  try {
    const target = await realpath(file).catch(() => file);
    const mode = await stat(target).then(
      (found) => found.mode & 0o777,
      () => OWNER_ONLY,
    );
    const aside = `${target}.new`;
    await writeFile(aside, text, { mode, flush: true });
    await rename(aside, target);
    return ok(undefined);
  } catch (thrown) {
    return err(`${file} cannot be written: ${coerceError(thrown).message}`);
  }
}
