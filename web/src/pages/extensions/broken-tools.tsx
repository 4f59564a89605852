import { Wrench } from 'lucide-preact';
import { useState } from 'preact/hooks';
import type { RepairReply, ToolHealthReply } from '../../../../src/core/api/upkeep.ts';
import { api } from '../../api.ts';
import { visible } from '../../format.ts';
import { t } from '../../i18n.ts';
import { go } from '../../route.ts';
import { Badge, Button, TextInput, toast, toastError } from '../../ui/index.ts';
import { useLoaded } from '../loaded.ts';

type Health = ToolHealthReply['tools'][number];

/** Tools that fail again and again, each with a button that has it repaired. Nothing where all work. */
export function BrokenTools() {
  const { now } = useLoaded('health', (signal) => api<ToolHealthReply>('/api/upkeep/tools', { signal }));
  const broken = now.is === 'ready' ? now.value.tools.filter((one) => one.broken) : [];
  if (broken.length === 0) return null;
  return (
    <ul class="extension-list" aria-label={t('Broken tools')}>
      {broken.map((health) => (
        <li key={health.tool}>
          <BrokenTool health={health} />
        </li>
      ))}
    </ul>
  );
}

function BrokenTool({ health: { tool, failures, last_error, source } }: { readonly health: Health }) {
  const [path, setPath] = useState('');
  const [isBusy, setBusy] = useState(false);
  const repair = () => {
    setBusy(true);
    api<RepairReply>(`/api/upkeep/tools/${encodeURIComponent(tool)}/repair`, { body: path ? { path } : {} })
      .then(({ job, message }) => {
        toast({ text: message });
        go(`/jobs/${encodeURIComponent(job)}`);
      }, toastError)
      .finally(() => setBusy(false));
  };
  return (
    <article class="extension-card" aria-label={tool}>
      <header class="extension-head">
        <h2 class="row grow">
          {tool}
          <Badge kind="bad">{t('failed {count} times', { count: failures })}</Badge>
        </h2>
        <Button icon={Wrench} busy={isBusy} disabled={source === null && path === ''} onClick={repair}>
          {t('Repair')}
        </Button>
      </header>
      <p class="problem">{visible(last_error)}</p>
      {source === null && <TextInput label={t('Where its source is')} value={path} onInput={setPath} />}
      <p class="quiet small">
        {t('A job corrects its source and builds it anew. You are asked before it is installed.')}
      </p>
    </article>
  );
}
