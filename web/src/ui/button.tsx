import type { LucideIcon } from 'lucide-preact';
import type { ButtonHTMLAttributes, ComponentChildren } from 'preact';

export interface ButtonProps extends Omit<ButtonHTMLAttributes<HTMLButtonElement>, 'icon'> {
  readonly variant?: 'plain' | 'primary' | 'danger' | 'ghost';
  readonly icon?: LucideIcon | undefined;
  /** Small, for a row of a list. */
  readonly tiny?: boolean;
  /** What it began is under way: it cannot be pressed again. */
  readonly busy?: boolean;
  readonly children?: ComponentChildren;
}

export function Button({ variant = 'plain', icon: Icon, tiny, busy, children, ...rest }: ButtonProps) {
  const classes = ['button', variant, tiny && 'tiny', rest.class].filter(Boolean).join(' ');
  return (
    <button
      type="button"
      {...rest}
      class={classes}
      disabled={busy || rest.disabled === true}
      aria-busy={busy ? 'true' : undefined}
    >
      {Icon && <Icon size={tiny ? 14 : 16} aria-hidden="true" />}
      {children}
    </button>
  );
}

export interface IconButtonProps extends Omit<ButtonProps, 'children' | 'icon'> {
  readonly icon: LucideIcon;
  /** What it does, for those who do not see the icon; also its tooltip. */
  readonly label: string;
}

export function IconButton({ icon: Icon, label, variant = 'ghost', tiny, ...rest }: IconButtonProps) {
  return (
    <Button
      variant={variant}
      title={label}
      {...rest}
      tiny={tiny ?? false}
      class={`icon ${rest.class ?? ''}`}
      aria-label={label}
    >
      <Icon size={tiny ? 15 : 18} aria-hidden="true" />
    </Button>
  );
}
