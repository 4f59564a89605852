import type { ContainerEnding } from '../../machines/container-job.ts';
import type { ContainerRow, WorkOutcome } from './container-rows.ts';

/**
 * How the work ended, in words for people.
 *
 * @param detail what is known beside the ending: the daemon's words, the container's last ones
 */
export function outcomeOf(
  ending: ContainerEnding,
  row: Pick<ContainerRow, 'told'> | undefined,
  detail: string | undefined,
): WorkOutcome {
  if (ending === 'told' && row?.told) {
    const { outcome, text, origins } = row.told;
    return { outcome, text, origins };
  }
  const text = [WORDS[ending], detail].filter(Boolean).join(' ');
  const outcome = ending === 'cancelled' || ending === 'stuck' ? 'cancelled' : 'failed';
  return { outcome, text, origins: [] };
}

const WORDS: Readonly<Record<ContainerEnding, string>> = {
  told: 'The container said that it was done, and not how.',
  cancelled: 'It was cancelled, and its container was stopped.',
  stuck: 'Nothing happened any more; its container was stopped.',
  overdue: 'Its time was over before it was done; its container was stopped.',
  'out-of-memory': 'Its container used more memory than it may have (sandbox.memory_mb).',
  'disk-full': 'It wrote more into its folder than it may (sandbox.workspace_growth_mb), and was stopped.',
  died: 'Its container ended again and again without a word.',
  'image-missing': 'The image of the containers is missing. Make it with: ironbark sandbox build',
  unavailable: 'There is no Docker daemon to be had.',
  refused: 'Its container could not be started.',
};
