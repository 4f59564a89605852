import { useState } from 'preact/hooks';
import type { LogLevelReply } from '../../../../src/core/api/logs.ts';
import { api } from '../../api.ts';
import { t } from '../../i18n.ts';
import { Select, toast, toastError } from '../../ui/index.ts';
import { useLoaded } from '../loaded.ts';
import { LEVELS } from './log-filter.ts';

const ADDRESS = '/api/logs/level';

/** How much the assistant writes into its log at all, until it is started anew. */
export function ServerLevel() {
  const level = useLoaded('level', (signal) => api<LogLevelReply>(ADDRESS, { signal }));
  const [busy, setBusy] = useState(false);
  const change = (wanted: string) => {
    setBusy(true);
    api<LogLevelReply>(ADDRESS, { method: 'PUT', body: { level: wanted } })
      .then((reply) => {
        level.take(reply);
        toast({ text: t('The assistant now writes {level} and graver.', { level: reply.level }) });
      })
      .catch(toastError)
      .finally(() => setBusy(false));
  };
  const now = level.now.is === 'ready' ? level.now.value.level : '';
  return (
    <Select
      label={t('Assistant writes')}
      value={now}
      disabled={busy || now === ''}
      onChange={change}
      options={[...(now === '' ? [''] : []), ...LEVELS, 'silent'].map((value) => ({ value, label: value }))}
    />
  );
}
