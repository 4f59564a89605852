import { type FileTrouble, placed, type WatchedFile, watchFile } from '../config/index.ts';
import type { AuditRecord } from '../core/audit.ts';
import type { Clock } from '../core/clock.ts';
import { coerceError } from '../core/errors.ts';
import type { Origin } from '../core/journal.ts';
import type { Result } from '../core/result.ts';
import { type HookEvent, type HookPoint, type HookVerdict, isToldOnly } from './event.ts';
import { type Act, type Hook, type HookAction, type HookResult, MAX_HOOKS_BYTES } from './hook.ts';
import { matches } from './match.ts';

/** What the owner has set up to see, change or stop what passes through the assistant. */
export interface Hooks {
  /** Whether anything is to be asked at this point. Costs nothing, so that those without hooks do not pay for them. */
  any(point: HookPoint): boolean;
  /** Whether a hook at this point may change or stop what it sees, so that nobody may see it before. */
  decides(point: HookPoint): boolean;
  /**
   * Asks all hooks for the event, in their order; each sees what those before it left. Always resolves. While the
   * file is mistaken everything is rejected that hooks could stop.
   */
  run(event: HookEvent): Promise<HookVerdict>;
  /** The hooks as they are right now, or what is wrong with the file. */
  current(): Promise<Result<readonly Hook[], FileTrouble>>;
}

export interface HooksOptions {
  /** Absolute path of the file. */
  readonly file: string;
  readonly clock: Clock;
  /** See `createWebhooks`. */
  readonly callWebhook: Act<'webhook'>;
  readonly writeAudit: (record: AuditRecord) => Promise<void>;
}

/** An edit of the file counts after so many milliseconds at most. */
const LOOK_MS = 1_000;

export function createHooks(options: HooksOptions): Hooks {
  const { clock, file } = options;
  const watched: WatchedFile<readonly Hook[]> = watchFile({
    path: file,
    maxBytes: MAX_HOOKS_BYTES,
    none: [],
    hint: 'Make it a text file that the assistant may read, or remove it.',
    // Who has no hooks need not have what reads them.
    read: async (bytes) => (await import('./read-hooks.ts')).readHooks(file, bytes),
  });
  const acts = actsOf(options);
  let known: Result<readonly Hook[], FileTrouble> | undefined;
  let lookedAt = Number.NEGATIVE_INFINITY;

  async function look(): Promise<Result<readonly Hook[], FileTrouble>> {
    lookedAt = clock.now();
    known = await watched.current();
    return known;
  }

  function latest(): Result<readonly Hook[], FileTrouble> | undefined {
    // A clock that was set back must not keep the old hooks for ever.
    if (Math.abs(clock.now() - lookedAt) >= LOOK_MS) void look();
    return known;
  }

  const some = (point: HookPoint, fits: (hook: Hook) => boolean): boolean => {
    const hooks = latest();
    if (!hooks?.ok) return true;
    return hooks.value.some((hook) => hook.points.has(point) && fits(hook));
  };

  void look();
  return {
    any: (point) => some(point, () => true),
    decides: (point) => some(point, ({ action }) => canDecide(action)),
    current: look,
    async run(event) {
      const hooks = known ?? (await look());
      if (!hooks.ok)
        return isToldOnly(event.point) ? asItWas(event) : { verdict: 'reject', reason: broken(hooks.error) };
      return runAll(hooks.value, event, acts);
    },
  };
}

const canDecide = (action: HookAction): boolean =>
  action.kind === 'webhook' ? action.decides : action.kind !== 'audit';

const asItWas = ({ text }: HookEvent): HookVerdict => ({ verdict: 'continue', text, origins: [] });

const broken = ({ file, line, message, hint }: FileTrouble): string =>
  `The hooks cannot be used: ${placed(file, line)}: ${message}. ${hint}`;

type Acts = { readonly [K in HookAction['kind']]: Act<K> };

function actsOf(options: HooksOptions): Acts {
  const text = async (text: string): Promise<HookResult> => ({ kind: 'changed', text, foreign: false });
  return {
    reject: async (_, { reason }) => ({ kind: 'rejected', reason }),
    replace: async (_, { pattern, by }, event) => text(await pattern.replaced(event.text, by)),
    prepend: async (_, action, event) => text(`${action.text}${event.text}`),
    append: async (_, action, event) => text(`${event.text}${action.text}`),
    async audit(hook, _, event) {
      await options.writeAudit(auditRecord(hook, event));
      return { kind: 'as-it-was' };
    },
    webhook: options.callWebhook,
  };
}

function auditRecord({ name }: Hook, { point, conversationId, tool = '' }: HookEvent): AuditRecord {
  return { kind: 'hook.seen', tool, conversationId, rule: name, message: `The hook ${name} saw ${point}.` };
}

async function runAll(hooks: readonly Hook[], event: HookEvent, acts: Acts): Promise<HookVerdict> {
  const origins: Origin[] = [];
  let { text } = event;
  for (const hook of hooks) {
    const seen = { ...event, text };
    const result = await runOne(hook, seen, acts);
    if (isToldOnly(event.point)) continue;
    if (result.kind === 'rejected')
      return { verdict: 'reject', reason: `${sentence(hook)} ${result.reason}` };
    if (result.kind === 'changed' && result.text !== text) {
      text = result.text;
      if (result.foreign) origins.push(`the hook ${hook.name}`);
    }
  }
  return { verdict: 'continue', text, origins };
}

const sentence = ({ name }: Hook): string => `The hook ${name} stopped this.`;

async function runOne(hook: Hook, event: HookEvent, acts: Acts): Promise<HookResult> {
  const deadline = AbortSignal.timeout(hook.timeoutMs);
  try {
    return await Promise.race([consult(hook, event, acts, deadline), lateness(hook, deadline)]);
  } catch (thrown) {
    if (hook.onFailure === 'open') return { kind: 'as-it-was' };
    return { kind: 'rejected', reason: `It failed: ${coerceError(thrown).message}.` };
  }
}

async function consult(hook: Hook, event: HookEvent, acts: Acts, signal: AbortSignal): Promise<HookResult> {
  if (!(await matches(hook, event))) return { kind: 'as-it-was' };
  return act(acts, hook, hook.action, event, signal);
}

function act<K extends HookAction['kind']>(
  acts: Acts,
  hook: Hook,
  action: Extract<HookAction, { kind: K }>,
  event: HookEvent,
  signal: AbortSignal,
): Promise<HookResult> {
  const chosen: Act<K> = acts[action.kind];
  return chosen(hook, action, event, signal);
}

function lateness({ timeoutMs }: Hook, deadline: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const late = () => reject(new Error(`it took longer than ${timeoutMs / 1000} s`));
    if (deadline.aborted) late();
    deadline.addEventListener('abort', late, { once: true });
  });
}
