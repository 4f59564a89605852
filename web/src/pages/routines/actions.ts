import type { RoutineInfo, RoutineReply } from '../../../../src/core/api/routines.ts';
import { api } from '../../api.ts';
import { t } from '../../i18n.ts';
import { toast, toastError } from '../../ui/index.ts';

export const addressOf = (id: string): string => `/routines/${encodeURIComponent(id)}`;
export const apiOf = (id: string, more = ''): string => `/api/routines/${encodeURIComponent(id)}${more}`;

/** Starts it; what becomes of it is told by the page. */
export function runNow({ id, name }: Pick<RoutineInfo, 'id' | 'name'>, done: () => void): void {
  api(apiOf(id, '/trigger'), { method: 'POST', body: {} })
    .then(() => toast({ text: t('“{name}” is started.', { name }) }))
    .then(done, toastError);
}

export function turn(
  { id }: Pick<RoutineInfo, 'id'>,
  enabled: boolean,
  done: () => void,
  failed: () => void,
): void {
  api<RoutineReply>(apiOf(id, '/toggle'), { body: { enabled } }).then(done, (error: unknown) => {
    failed();
    toastError(error);
  });
}
