import { type ComponentChildren, h, type KeyboardEventHandler } from 'preact';
import { useId } from 'preact/hooks';

interface FieldLabels {
  readonly label: ComponentChildren;
  readonly hint?: ComponentChildren;
  /** What is wrong with the value and what to do. */
  readonly error?: ComponentChildren;
}

interface Ties {
  readonly id: string;
  readonly 'aria-describedby': string | undefined;
  readonly 'aria-invalid': 'true' | undefined;
}

/** A label, what it labels, a hint and an error, tied together. */
export function Field({
  label,
  hint,
  error,
  children,
}: FieldLabels & { children(ties: Ties): ComponentChildren }) {
  const id = useId();
  const about = [hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(' ');
  return (
    <div class="field">
      <label for={id}>{label}</label>
      {children({
        id,
        'aria-describedby': about === '' ? undefined : about,
        'aria-invalid': error ? 'true' : undefined,
      })}
      {hint && (
        <span class="hint" id={`${id}-hint`}>
          {hint}
        </span>
      )}
      {error && (
        <span class="error" id={`${id}-error`} role="alert">
          {error}
        </span>
      )}
    </div>
  );
}

interface TextProps extends FieldLabels {
  readonly value: string;
  onInput(value: string): void;
  readonly placeholder?: string;
  readonly disabled?: boolean;
  readonly readOnly?: boolean;
  readonly autoFocus?: boolean;
  readonly spellcheck?: boolean;
  readonly class?: string;
  readonly onKeyDown?: KeyboardEventHandler<HTMLElement>;
}

export interface TextInputProps extends TextProps {
  readonly type?: 'text' | 'password' | 'search' | 'number' | 'url' | 'date' | 'datetime-local';
  readonly autocomplete?: 'off' | 'new-password';
  readonly min?: string;
  readonly step?: string;
  readonly list?: string;
}

export function TextInput({ label, hint, error, onInput, ...rest }: TextInputProps) {
  return (
    <Field label={label} hint={hint} error={error}>
      {(ties) =>
        // The attributes' types know each kind of input, not one of several.
        h<Record<string, unknown>>('input', {
          type: 'text',
          ...rest,
          ...ties,
          class: `input ${rest.class ?? ''}`,
          onInput: ({ currentTarget }: { currentTarget: HTMLInputElement }) => onInput(currentTarget.value),
        })
      }
    </Field>
  );
}

export interface TextAreaProps extends TextProps {
  readonly rows?: number;
}

export function TextArea({ label, hint, error, onInput, ...rest }: TextAreaProps) {
  return (
    <Field label={label} hint={hint} error={error}>
      {(ties) => (
        <textarea
          rows={4}
          {...rest}
          {...ties}
          class={`input ${rest.class ?? ''}`}
          onInput={({ currentTarget }) => onInput(currentTarget.value)}
        />
      )}
    </Field>
  );
}

export interface Option {
  readonly value: string;
  readonly label: string;
  readonly disabled?: boolean;
}

export interface SelectProps extends FieldLabels {
  readonly value: string;
  readonly options: readonly Option[];
  readonly disabled?: boolean;
  onChange(value: string): void;
}

export function Select({ label, hint, error, options, value, disabled = false, onChange }: SelectProps) {
  return (
    <Field label={label} hint={hint} error={error}>
      {(ties) => (
        <select
          {...ties}
          class="input"
          value={value}
          disabled={disabled}
          onChange={({ currentTarget }) => onChange(currentTarget.value)}
        >
          {options.map((option) => (
            <option key={option.value} value={option.value} disabled={option.disabled === true}>
              {option.label}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}

export interface ToggleProps {
  readonly label: ComponentChildren;
  readonly checked: boolean;
  readonly disabled?: boolean;
  onChange(checked: boolean): void;
}

export function Toggle({ label, checked, disabled = false, onChange }: ToggleProps) {
  return (
    <label class="toggle">
      <input
        type="checkbox"
        role="switch"
        aria-checked={checked}
        checked={checked}
        disabled={disabled}
        onChange={({ currentTarget }) => onChange(currentTarget.checked)}
      />
      <span>{label}</span>
    </label>
  );
}
