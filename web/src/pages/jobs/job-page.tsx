import { ArrowLeft, Check, RotateCcw, Undo2, X } from 'lucide-preact';
import { useState } from 'preact/hooks';
import type { JobActionReply, JobDetailReply } from '../../../../src/core/api/jobs.ts';
import { api } from '../../api.ts';
import { visible } from '../../format.ts';
import { t } from '../../i18n.ts';
import { go } from '../../route.ts';
import { Page } from '../../shell/page.tsx';
import { Button, Tabs, toast, toastError } from '../../ui/index.ts';
import { useLoaded } from '../loaded.ts';
import { Confirm } from '../settings/confirm.tsx';
import { Shown } from '../shown.tsx';
import { Activity } from './activity.tsx';
import { JobFiles } from './files.tsx';
import { addressOf } from './job-list.tsx';
import { JobState } from './job-state.tsx';
import { Overview } from './overview.tsx';
import { PromptBox } from './prompt-box.tsx';
import { useWorkRound } from './work-round.ts';

type Action = 'cancel' | 'restart' | 'accept' | 'reject';

/** One job: how it stands, what it does, its files, and what can be done about it. */
export function JobPage({ id }: { readonly id: string }) {
  const [tab, choose] = useState('activity');
  const round = useWorkRound(
    (event) => event.type === 'job_status' && event.job !== undefined && concerns(event.job, id),
  );
  const job = useLoaded(id, (signal) => api<JobDetailReply>(address(id), { signal }), round);
  return (
    <Page title={<Heading />} wide>
      <Shown of={job} lines={8}>
        {(detail) => (
          <div class="stack">
            <header class="jobs-head">
              <div class="grow">
                <h2>{visible(detail.title)}</h2>
                <div class="row">
                  <JobState job={detail} />
                  <a href={`/chat/${encodeURIComponent(detail.thread_id)}`}>{t('Its conversation')}</a>
                  <a href={`/inspect?conversation=${encodeURIComponent(detail.thread_id)}`}>
                    {t('What happened in it')}
                  </a>
                </div>
              </div>
              <Actions job={detail} onDone={job.again} />
            </header>
            <Overview job={detail} round={round} />
            <Tabs
              label={t('Of this job')}
              chosen={tab}
              onChoose={choose}
              tabs={[
                { id: 'activity', title: t('Activity') },
                { id: 'files', title: t('Files') },
              ]}
            >
              {tab === 'files' ? <JobFiles job={detail} round={round} /> : <Activity id={detail.id} />}
            </Tabs>
            {detail.can_prompt && <PromptBox id={detail.id} />}
          </div>
        )}
      </Shown>
    </Page>
  );
}

/** It, or a part of it. */
const concerns = (job: { readonly id: string; readonly parent_id?: string }, id: string): boolean =>
  job.id.startsWith(id) || job.parent_id?.startsWith(id) === true;

const address = (id: string, rest = ''): string => `/api/jobs/${encodeURIComponent(id)}${rest}`;

function Heading() {
  return (
    <span class="row">
      <a class="button ghost icon jobs-back" href="/jobs" aria-label={t('All jobs')}>
        <ArrowLeft size={18} aria-hidden="true" />
      </a>
      {t('Job')}
    </span>
  );
}

function Actions({ job, onDone }: { readonly job: JobDetailReply; onDone(): void }) {
  const [asked, ask] = useState<Action>();
  const act = async (action: Action) => {
    const { job: after, message } = await api<JobActionReply>(address(job.id, `/${action}`), { body: {} });
    toast({ text: message });
    if (after.id === job.id) onDone();
    else go(addressOf(after.id));
  };
  const now = (action: Action) => () => void act(action).catch(toastError);
  return (
    <div class="row">
      {job.can_judge && (
        <>
          <Button icon={Check} onClick={now('accept')}>
            {t('Accept')}
          </Button>
          <Button icon={Undo2} onClick={() => ask('reject')}>
            {t('Send back')}
          </Button>
        </>
      )}
      {job.can_restart && (
        <Button icon={RotateCcw} onClick={now('restart')}>
          {t('Begin anew')}
        </Button>
      )}
      {job.can_cancel && (
        <Button variant="danger" icon={X} onClick={() => ask('cancel')}>
          {t('Stop it')}
        </Button>
      )}
      {asked === 'cancel' && (
        <Confirm
          title={t('Stop this job?')}
          action={t('Stop it')}
          onClose={() => ask(undefined)}
          run={() => act('cancel')}
        >
          {t('What it has done stays as it is; its parts stop as well. It can be begun anew.')}
        </Confirm>
      )}
      {asked === 'reject' && (
        <Confirm
          title={t('Send the result back?')}
          action={t('Send back')}
          onClose={() => ask(undefined)}
          run={() => act('reject')}
        >
          {t('The job counts as failed then, and can be begun anew.')}
        </Confirm>
      )}
    </div>
  );
}
