import type { FastifyInstance } from 'fastify';
import {
  type Setting,
  SettingBody,
  SettingParams,
  SettingReply,
  SettingsExportReply,
  SettingsImportBody,
  SettingsImportReply,
  SettingsReply,
} from '../../core/api/settings.ts';
import type { Json } from '../../core/json.ts';
import { err, ok, type Result } from '../../core/result.ts';
import type { SettingInfo, SettingsDesk, SettingsTrouble } from '../../core/settings.ts';
import { withoutDesk } from './absent-desk.ts';
import type { ApiContext } from './context.ts';
import { explained } from './explained.ts';
import { type ApiFailure, notFound } from './failure.ts';
import { addRoute } from './route.ts';

const tag = 'settings';
const IMPORT_LIMIT = 256 * 1024;

export function addSettings(app: FastifyInstance, context: ApiContext): void {
  const { settings } = context;
  addAll(app, settings);
  addOne(app, settings);
}

function addAll(app: FastifyInstance, desk: SettingsDesk | undefined): void {
  addRoute(app, {
    method: 'GET',
    url: '/api/settings',
    tag,
    summary: 'Every setting: its value, where that is from, what it means and takes.',
    answer: SettingsReply,
    run: async () =>
      desk === undefined
        ? withoutDesk('settings')
        : explained(async () => {
            const { settings, file } = await desk.list();
            return { settings: settings.map(toSetting), restart_pending: pendingOf(settings), file };
          }),
  });
  addRoute(app, {
    method: 'GET',
    url: '/api/settings/export',
    tag,
    summary: 'What the configuration file sets, without secrets.',
    answer: SettingsExportReply,
    run: async ({ reply }) =>
      desk === undefined
        ? withoutDesk('settings')
        : explained(async () => {
            reply.header('content-disposition', 'attachment; filename="ironbark-settings.json"');
            return { settings: await desk.exported() };
          }),
  });
  addRoute(app, {
    method: 'POST',
    url: '/api/settings/import',
    tag,
    summary: 'Sets what an export holds: all of it, or, where one cannot be set, none.',
    body: SettingsImportBody,
    bodyLimit: IMPORT_LIMIT,
    answer: SettingsImportReply,
    async run({ body }) {
      if (desk === undefined) return withoutDesk('settings');
      const changed = await change(desk, new Map(Object.entries(body.settings)), 'settings.');
      if (!changed.ok) return changed;
      const { settings } = await desk.list();
      const { changed: keys, notes } = changed.value;
      return ok({
        changed: keys,
        needs_restart: settings.some(({ key, restartPending }) => restartPending && keys.includes(key)),
        restart_pending: pendingOf(settings),
        message: notes.join(' ') || null,
      });
    },
  });
}

function addOne(app: FastifyInstance, desk: SettingsDesk | undefined): void {
  addRoute(app, {
    method: 'GET',
    url: '/api/settings/:key',
    tag,
    summary: 'One setting.',
    params: SettingParams,
    answer: SettingReply,
    run: async ({ params }) =>
      desk === undefined ? withoutDesk('settings') : answerOne(desk, params.key, []),
  });
  const set = async (key: string, value: Json) => {
    if (desk === undefined) return withoutDesk('settings');
    const changed = await change(desk, new Map([[key, value]]), '');
    return changed.ok ? answerOne(desk, key, changed.value.notes) : changed;
  };
  addRoute(app, {
    method: 'PUT',
    url: '/api/settings/:key',
    tag,
    summary: 'Writes a setting to the configuration file, and applies it at once where that can be.',
    params: SettingParams,
    body: SettingBody,
    answer: SettingReply,
    run: ({ params, body }) => set(params.key, body.value),
  });
  addRoute(app, {
    method: 'DELETE',
    url: '/api/settings/:key',
    tag,
    summary: 'Takes a setting out of the configuration file.',
    params: SettingParams,
    answer: SettingReply,
    run: ({ params }) => set(params.key, null),
  });
}

async function answerOne(
  desk: SettingsDesk,
  key: string,
  notes: readonly string[],
): Promise<Result<SettingReply, ApiFailure>> {
  const report = await explained(() => desk.list());
  if (!report.ok) return report;
  const found = report.value.settings.find((setting) => setting.key === key);
  if (found === undefined) return notFound(`There is no setting ${key}.`);
  return ok({
    setting: toSetting(found),
    needs_restart: found.restartPending,
    message: notes.join(' ') || null,
  });
}

/** @param place what goes before a setting's name where a fault is pointed at; empty: the field is `value` */
export async function change(desk: SettingsDesk, changes: ReadonlyMap<string, Json>, place: string) {
  const outcome = await explained(() => desk.change(changes));
  if (!outcome.ok) return outcome;
  return outcome.value.ok ? outcome.value : err(toFailure(outcome.value.error, place));
}

function toFailure({ kind, setting, message }: SettingsTrouble, place: string): ApiFailure {
  switch (kind) {
    case 'unknown':
      return { status: 404, code: 'not-found', message };
    case 'invalid': {
      const field = place === '' ? 'value' : `${place}${setting}`;
      return { status: 400, code: 'invalid', message: `${setting} ${message}.`, field };
    }
    case 'fixed':
      return { status: 403, code: 'forbidden', message };
    case 'unwritable':
      return { status: 409, code: 'conflict', message };
  }
}

const pendingOf = (settings: readonly SettingInfo[]): string[] =>
  settings.filter(({ restartPending }) => restartPending).map(({ key }) => key);

const toSetting = (setting: SettingInfo): Setting => ({
  key: setting.key,
  value: setting.value,
  default: setting.default,
  source: setting.source,
  place: setting.place,
  description: setting.description,
  type: setting.type,
  ...(setting.choices && { choices: setting.choices }),
  ...(setting.minimum !== undefined && { minimum: setting.minimum }),
  ...(setting.maximum !== undefined && { maximum: setting.maximum }),
  ...(setting.integer !== undefined && { integer: setting.integer }),
  secret: setting.secret,
  is_set: setting.isSet,
  editable: setting.fixed === null,
  fixed_reason: setting.fixed,
  needs_restart: setting.needsRestart,
  restart_pending: setting.restartPending,
  updated_at: setting.updatedAt,
});
