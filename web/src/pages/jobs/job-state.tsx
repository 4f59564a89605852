import type { JobInfo } from '../../../../src/core/api/jobs.ts';
import { t } from '../../i18n.ts';
import { Badge, type BadgeProps } from '../../ui/index.ts';

type State = JobInfo['state'];

const KINDS: Readonly<Record<State, NonNullable<BadgeProps['kind']>>> = {
  pending: 'plain',
  in_progress: 'info',
  completed: 'good',
  submitted: 'good',
  accepted: 'good',
  failed: 'bad',
  stuck: 'warn',
  cancelled: 'plain',
};

/** The state in a word; how many are before it, where it waits. */
export function JobState({ job: { state, ahead } }: { readonly job: Pick<JobInfo, 'state' | 'ahead'> }) {
  return (
    <Badge kind={KINDS[state]}>
      {ahead ? t('waiting, {count} before it', { count: ahead }) : stateName(state)}
    </Badge>
  );
}

export function stateName(state: State): string {
  switch (state) {
    case 'pending':
      return t('waiting');
    case 'in_progress':
      return t('running');
    case 'completed':
    case 'submitted':
      return t('done');
    case 'accepted':
      return t('accepted');
    case 'failed':
      return t('failed');
    case 'stuck':
      return t('stuck');
    case 'cancelled':
      return t('cancelled');
  }
}
