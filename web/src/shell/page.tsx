import type { ComponentChildren } from 'preact';

export interface PageProps {
  readonly title: ComponentChildren;
  readonly actions?: ComponentChildren;
  /** Beside the title. */
  readonly search?: ComponentChildren;
  /** Wider than text is read. */
  readonly wide?: boolean;
  /** What is in it scrolls by itself. */
  readonly fill?: boolean;
  readonly children?: ComponentChildren;
}

/** A bar with the title and what can be done, and the content, which scrolls. */
export function Page({ title, actions, search, wide = false, fill = false, children }: PageProps) {
  return (
    <div class="page">
      <header class="page-bar">
        <h1>{title}</h1>
        {search && <div class="page-search">{search}</div>}
        <div class="page-actions">{actions}</div>
      </header>
      {fill ? (
        <div class="page-fill">{children}</div>
      ) : (
        <div class="page-scroll">
          <div class={`page-content ${wide ? 'wide' : ''}`}>{children}</div>
        </div>
      )}
    </div>
  );
}
