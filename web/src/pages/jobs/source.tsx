import type { JobInfo } from '../../../../src/core/api/jobs.ts';
import { t } from '../../i18n.ts';

/** Who ordered a job, and the way there. */
export function Source({ job: { source, source_id: id } }: { readonly job: JobInfo }) {
  const [words, place] = told(source);
  return id === undefined ? <span>{words}</span> : <a href={`${place}/${encodeURIComponent(id)}`}>{words}</a>;
}

function told(source: JobInfo['source']): readonly [words: string, place: string] {
  switch (source) {
    case 'user':
      return [t('you'), '/chat'];
    case 'assistant':
      return [t('the assistant'), '/chat'];
    case 'job':
      return [t('a job'), '/jobs'];
    case 'routine':
      return [t('a routine'), '/routines'];
  }
}
