import { signal } from '@preact/signals';
import type { ComponentType } from 'preact';
import { Problem, Skeleton } from '../ui/index.ts';
import { Page } from './page.tsx';
import type { PageEntry } from './pages.ts';

/** What is known of a page's code: nothing yet, its component, or why it could not be loaded. */
type Known = { readonly component: ComponentType } | { readonly error: unknown };

const loaded = signal<ReadonlyMap<string, Known>>(new Map());

/** Shows a page, whose code is fetched at its first visit. */
export function PlaceOf({ page }: { readonly page: PageEntry }) {
  const known = loaded.value.get(page.path);
  if (known && 'component' in known) return <known.component />;
  if (!known) void load(page);
  return (
    <Page title={page.title}>
      {known ? <Problem error={known.error} retry={() => location.reload()} /> : <Skeleton lines={6} />}
    </Page>
  );
}

const asked = new Set<string>();

async function load(page: PageEntry): Promise<void> {
  if (asked.has(page.path)) return;
  asked.add(page.path);
  const known = await page.load().then(
    (code): Known => ({ component: code.default }),
    (error: unknown): Known => ({ error }),
  );
  loaded.value = new Map(loaded.peek()).set(page.path, known);
}
