import type { FastifyInstance } from 'fastify';
import { ProfileBody, ProfileReply } from '../../core/api/profile.ts';
import type { Json } from '../../core/json.ts';
import type { SettingInfo, SettingsDesk } from '../../core/settings.ts';
import { withoutDesk } from './absent-desk.ts';
import type { ApiContext } from './context.ts';
import { explained } from './explained.ts';
import { addRoute } from './route.ts';
import { change } from './settings.ts';

const FIELDS = ['name', 'timezone', 'locale'] as const;
const tag = 'profile';

/** Who the user is, as the section `[user]` of the settings has it. */
export function addProfile(app: FastifyInstance, { settings: desk }: ApiContext): void {
  addRoute(app, {
    method: 'GET',
    url: '/api/profile',
    tag,
    summary: 'What the user is called, and their time zone and language.',
    answer: ProfileReply,
    run: async () => (desk === undefined ? withoutDesk('settings') : readProfile(desk)),
  });
  addRoute(app, {
    method: 'PUT',
    url: '/api/profile',
    tag,
    summary: 'Changes what is given of it, at once.',
    body: ProfileBody,
    answer: ProfileReply,
    async run({ body }) {
      if (desk === undefined) return withoutDesk('settings');
      const changes = FIELDS.flatMap((field): [string, Json][] => {
        const value = body[field];
        return value === undefined ? [] : [[`user.${field}`, value === '' ? null : value]];
      });
      const changed = await change(desk, new Map(changes), '');
      return changed.ok ? readProfile(desk) : changed;
    },
  });
}

const readProfile = (desk: SettingsDesk) =>
  explained(async (): Promise<ProfileReply> => {
    const { settings } = await desk.list();
    const find = (field: string) => settings.find(({ key }) => key === `user.${field}`);
    return {
      name: textOf(find('name')),
      timezone: textOf(find('timezone')) ?? 'UTC',
      locale: textOf(find('locale')),
      fixed: Object.fromEntries(
        FIELDS.flatMap((field) => {
          const { source, place } = find(field) ?? { source: 'default', place: '' };
          return source === 'environment' || source === 'command_line' ? [[field, place]] : [];
        }),
      ),
    };
  });

const textOf = (setting: SettingInfo | undefined): string | null =>
  typeof setting?.value === 'string' ? setting.value : null;
