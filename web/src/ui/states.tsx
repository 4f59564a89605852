import type { LucideIcon } from 'lucide-preact';
import type { ComponentChildren } from 'preact';
import { t } from '../i18n.ts';
import { Button } from './button.tsx';

export interface EmptyStateProps {
  readonly icon?: LucideIcon;
  readonly title: string;
  /** One next step, perhaps with what to type. */
  readonly children?: ComponentChildren;
  readonly action?: ComponentChildren;
}

export function EmptyState({ icon: Icon, title, children, action }: EmptyStateProps) {
  return (
    <div class="empty">
      {Icon && <Icon size={32} strokeWidth={1.5} aria-hidden="true" />}
      <h2>{title}</h2>
      {children && <div>{children}</div>}
      {action}
    </div>
  );
}

/** Grey lines where text will be; they show after 160 ms only, so that nothing flashes. */
export function Skeleton({ lines = 3 }: { readonly lines?: number }) {
  return (
    <div class="skeleton" role="status" aria-label={t('Loading')}>
      {Array.from({ length: lines }, (_, line) => (
        <i key={line} />
      ))}
    </div>
  );
}

/** What went wrong, and the way to try again. */
export function Problem({ error, retry }: { readonly error: unknown; readonly retry?: () => void }) {
  return (
    <div class="problem" role="alert">
      <span class="grow">{error instanceof Error ? error.message : String(error)}</span>
      {retry && <Button onClick={retry}>{t('Try again')}</Button>}
    </div>
  );
}

export interface BadgeProps {
  readonly kind?: 'plain' | 'good' | 'warn' | 'bad' | 'info';
  readonly title?: string;
  readonly children?: ComponentChildren;
}

export function Badge({ kind = 'plain', title, children }: BadgeProps) {
  return (
    <span class={`badge ${kind}`} title={title}>
      {children}
    </span>
  );
}
