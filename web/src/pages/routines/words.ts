import type { RoutineDueReply, RoutineInfo, RoutineRunInfo } from '../../../../src/core/api/routines.ts';
import { t } from '../../i18n.ts';
import type { BadgeProps } from '../../ui/index.ts';

export interface Said {
  readonly text: string;
  readonly kind: NonNullable<BadgeProps['kind']>;
}

export function stateOf({ status, consecutive_failures: failures }: RoutineInfo): Said {
  switch (status) {
    case 'disabled':
      return { text: t('off'), kind: 'plain' };
    case 'running':
      return { text: t('running'), kind: 'info' };
    case 'unverified':
      return { text: t('not proven yet'), kind: 'warn' };
    case 'failing':
      return {
        text: failures === 1 ? t('failed') : t('failed {count} times', { count: failures }),
        kind: 'bad',
      };
    case 'attention':
      return { text: t('has news'), kind: 'info' };
    case 'active':
      return { text: t('works'), kind: 'good' };
  }
}

export function runStateOf({ status }: RoutineRunInfo): Said {
  switch (status) {
    case 'queued':
      return { text: t('waits'), kind: 'plain' };
    case 'running':
      return { text: t('running'), kind: 'info' };
    case 'ok':
      return { text: t('done'), kind: 'good' };
    case 'attention':
      return { text: t('has news'), kind: 'info' };
    case 'failed':
      return { text: t('failed'), kind: 'bad' };
    case 'cancelled':
      return { text: t('stopped'), kind: 'plain' };
  }
}

export function dueStateOf({ state }: RoutineDueReply['due'][number]): Said {
  switch (state) {
    case 'claimed':
      return { text: t('begins'), kind: 'info' };
    case 'fired':
      return { text: t('ran'), kind: 'good' };
    case 'skipped':
      return { text: t('skipped'), kind: 'plain' };
    case 'missed':
      return { text: t('missed'), kind: 'bad' };
    case 'coalesced':
      return { text: t('made up for by another'), kind: 'warn' };
  }
}

/**
 * `Mon, 2 Mar 2026, 09:00` in a zone, with seconds where there are any; in the browser's where none is named or it knows
 * no such zone.
 */
export function dayAndTime(at: string, timeZone?: string): string {
  const when = new Date(at);
  const options: Intl.DateTimeFormatOptions = {
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    ...(when.getUTCSeconds() !== 0 && { second: '2-digit' }),
  };
  try {
    return when.toLocaleString([], { ...options, ...(timeZone && { timeZone }) });
  } catch {
    return when.toLocaleString([], options);
  }
}

export const ownZone = (): string => Intl.DateTimeFormat().resolvedOptions().timeZone;
