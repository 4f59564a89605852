/** What one look at the installation found. */
export interface Finding {
  /** What was looked at: `home folder`. */
  readonly about: string;
  /** `warning`: it works, but not as it should; `failure`: it does not work, or is not safe. */
  readonly verdict: 'well' | 'warning' | 'failure';
  readonly text: string;
  /** What to do about it. */
  readonly hint?: string;
  /** It was put right just now. */
  readonly fixed?: true;
}

export const well = (about: string, text: string): Finding => ({ about, verdict: 'well', text });

export function warning(about: string, text: string, hint?: string): Finding {
  return { about, verdict: 'warning', text, ...(hint !== undefined && { hint }) };
}

export function failure(about: string, text: string, hint?: string): Finding {
  return { about, verdict: 'failure', text, ...(hint !== undefined && { hint }) };
}
