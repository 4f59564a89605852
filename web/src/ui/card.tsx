import type { ComponentChildren } from 'preact';

export interface CardProps {
  readonly title?: ComponentChildren;
  readonly actions?: ComponentChildren;
  readonly class?: string;
  readonly children?: ComponentChildren;
}

export function Card({ title, actions, class: extra = '', children }: CardProps) {
  return (
    <section class={`card ${extra}`}>
      {(title || actions) && (
        <header>
          <h2>{title}</h2>
          {actions && <div class="row">{actions}</div>}
        </header>
      )}
      {children}
    </section>
  );
}
