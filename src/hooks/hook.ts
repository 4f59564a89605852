import type { HookEvent, HookPoint } from './event.ts';
import type { Pattern } from './pattern.ts';

/** The most that is read of a file of hooks. */
export const MAX_HOOKS_BYTES = 64 * 1024;

/** One hook, as its owner wrote it. */
export interface Hook {
  readonly name: string;
  readonly points: ReadonlySet<HookPoint>;
  /** Small ones first. */
  readonly order: number;
  /** What a hook that fails means: `open`, as if it were not there; `closed`, as if it had said no. */
  readonly onFailure: 'open' | 'closed';
  readonly timeoutMs: number;
  /** Which events it is for; what is absent does not matter. `tool` may hold `*`. */
  readonly only: { readonly tool?: string; readonly channel?: string; readonly pattern?: Pattern };
  readonly action: HookAction;
  /** For people: `/srv/ironbark/hooks.toml, line 2`. */
  readonly where: string;
}

export type HookAction =
  | { readonly kind: 'reject'; readonly reason: string }
  | { readonly kind: 'replace'; readonly pattern: Pattern; readonly by: string }
  | { readonly kind: 'prepend'; readonly text: string }
  | { readonly kind: 'append'; readonly text: string }
  /** One line in the audit log for each event. */
  | { readonly kind: 'audit' }
  | ({ readonly kind: 'webhook' } & Webhook);

export interface Webhook {
  readonly url: string;
  /** Whether its answer counts; otherwise it is told, and nobody waits for it. */
  readonly decides: boolean;
  /** The name of the secret that requests are signed with. */
  readonly secret: string | undefined;
}

/** What a hook makes of an event. */
export type HookResult =
  | { readonly kind: 'as-it-was' }
  | { readonly kind: 'changed'; readonly text: string; readonly foreign: boolean }
  | { readonly kind: 'rejected'; readonly reason: string };

/** Does what one kind of hook does. May reject: that is a failure of the hook. */
export type Act<K extends HookAction['kind']> = (
  hook: Hook,
  action: Extract<HookAction, { kind: K }>,
  event: HookEvent,
  signal: AbortSignal,
) => Promise<HookResult>;
