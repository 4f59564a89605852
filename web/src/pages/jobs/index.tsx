import { place } from '../../route.ts';
import { JobList } from './job-list.tsx';
import { JobPage } from './job-page.tsx';
import './jobs.css';

/** Work that goes on by itself: all of it, or one job at `/jobs/ID`. */
export default function JobsPage() {
  const [, , id = ''] = place.value.path.split('/');
  return id === '' ? <JobList /> : <JobPage key={id} id={decodeURIComponent(id)} />;
}
