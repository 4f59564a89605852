import { z } from 'zod';
import { type CheckedToml, type FileTrouble, readCheckedToml, type TomlFormat } from '../config/index.ts';
import { err, ok, type Result } from '../core/result.ts';
import { HOOK_POINTS } from './event.ts';
import { type Hook, type HookAction, MAX_HOOKS_BYTES } from './hook.ts';
import { compilePattern, type Pattern } from './pattern.ts';

const MAX_HOOKS = 100;

/** What a hooks file of these bytes says, in the order in which hooks run, or the first mistake in it. */
export async function readHooks(
  file: string,
  bytes: Uint8Array,
): Promise<Result<readonly Hook[], FileTrouble>> {
  const checked = readCheckedToml(file, bytes, FORMAT);
  if (!checked.ok) return checked;
  const hooks: Hook[] = [];
  for (const at of checked.value.value.hooks.keys()) {
    const hook = await toHook(checked.value, at);
    if (!hook.ok)
      return err({ file: hook.error.where, line: undefined, message: hook.error.message, hint: HINT });
    hooks.push(hook.value);
  }
  return ok(hooks.sort((a, b) => a.order - b.order));
}

const HINT =
  'Correct or remove it. Until then nothing goes on that hooks would see. Check with: ironbark hooks';
const SYNTAX_HINT = 'A hook begins with [[hooks]], and its values look like name = "no-secrets".';

const words = z
  .string({ error: 'must be a text in quotes' })
  .min(1, 'must not be empty')
  .max(4_000, 'is too long');
const name = words.regex(/^[\w.-]{1,64}$/, 'must be up to 64 of letters, digits, "_", "-" and "."');

const webhook = z.strictObject({
  url: words.refine(
    isAllowedUrl,
    'must begin with https://, or http:// where it is this machine (127.0.0.1, localhost)',
  ),
  decides: z.boolean({ error: 'must be true or false' }).default(false),
  secret: words.optional(),
});

const ACTIONS = ['reject', 'replace', 'prepend', 'append', 'audit', 'webhook'] as const;

const hook = z
  .strictObject({
    name,
    points: z
      .array(z.enum(HOOK_POINTS, { error: `must be among ${HOOK_POINTS.join(', ')}` }), {
        error: 'must be a list, as in ["inbound"]',
      })
      .min(1, 'must name at least one point'),
    order: z.number({ error: 'must be a number' }).default(100),
    on_failure: z.enum(['open', 'closed'], { error: 'must be "open" or "closed"' }).default('closed'),
    timeout_seconds: z
      .number({ error: 'must be a number' })
      .min(0.1, 'must be at least 0.1')
      .max(30, 'must be at most 30')
      .default(5),
    tool: words.optional(),
    channel: words.optional(),
    when: words.optional(),
    reject: words.optional(),
    replace: z.strictObject({ pattern: words, with: z.string().max(4_000) }).optional(),
    prepend: words.optional(),
    append: words.optional(),
    audit: z.literal(true, { error: 'must be true' }).optional(),
    webhook: webhook.optional(),
  })
  .refine((one) => ACTIONS.filter((action) => one[action] !== undefined).length === 1, {
    error: `must do exactly one of ${ACTIONS.join(', ')}`,
  });

const schema = z.strictObject({
  hooks: z
    .array(hook, { error: 'must be written as [[hooks]]' })
    .max(MAX_HOOKS, `may be ${MAX_HOOKS} at most`)
    .default([]),
});

const FORMAT: TomlFormat<typeof schema> = {
  schema,
  maxBytes: MAX_HOOKS_BYTES,
  allowedAt: ([list, , part]) => {
    if (list === undefined) return Object.keys(schema.shape);
    if (part === 'webhook') return Object.keys(webhook.shape);
    return part === 'replace' ? ['pattern', 'with'] : Object.keys(hook.shape);
  },
  hints: { size: 'Put hooks together, or let a webhook decide.', syntax: SYNTAX_HINT, schema: HINT },
};

type WrittenHook = z.output<typeof hook>;
type Mistake = { readonly where: string; readonly message: string };

async function toHook(
  { value, where }: CheckedToml<z.output<typeof schema>>,
  at: number,
): Promise<Result<Hook, Mistake>> {
  const written = value.hooks[at];
  if (!written) throw new RangeError(`there is no hook ${at}`);
  const pattern = await optionalPattern(written.when);
  if (!pattern.ok)
    return err({ where: where(['hooks', at, 'when']), message: badPattern('when', pattern.error) });
  const action = await actionOf(written);
  if (!action.ok)
    return err({ where: where(['hooks', at, 'replace']), message: badPattern('pattern', action.error) });
  const { tool, channel } = written;
  return ok({
    name: written.name,
    points: new Set(written.points),
    order: written.order,
    onFailure: written.on_failure,
    timeoutMs: written.timeout_seconds * 1000,
    only: {
      ...(tool !== undefined && { tool }),
      ...(channel !== undefined && { channel }),
      ...(pattern.value && { pattern: pattern.value }),
    },
    action: action.value,
    where: where(['hooks', at]),
  });
}

async function actionOf(written: WrittenHook): Promise<Result<HookAction, string>> {
  const { reject, replace, prepend, append, webhook: called } = written;
  if (replace !== undefined) {
    const pattern = await compilePattern(replace.pattern);
    return pattern.ok ? ok({ kind: 'replace', pattern: pattern.value, by: replace.with }) : pattern;
  }
  if (reject !== undefined) return ok({ kind: 'reject', reason: reject });
  if (prepend !== undefined) return ok({ kind: 'prepend', text: prepend });
  if (append !== undefined) return ok({ kind: 'append', text: append });
  if (called !== undefined) return ok({ kind: 'webhook', ...called, secret: called.secret });
  return ok({ kind: 'audit' });
}

async function optionalPattern(source: string | undefined): Promise<Result<Pattern | undefined, string>> {
  return source === undefined ? ok(undefined) : compilePattern(source);
}

const badPattern = (key: string, reason: string): string =>
  `${key} is not a pattern that can be used (${reason}); look-around and back-references do not exist here`;

const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/;

/** Nothing leaves this machine in the clear. */
function isAllowedUrl(text: string): boolean {
  const url = URL.parse(text);
  if (url === null) return false;
  return url.protocol === 'https:' || (url.protocol === 'http:' && LOOPBACK.test(url.hostname));
}
