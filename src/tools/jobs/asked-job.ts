import { err, ok, type Result } from '../../core/result.ts';
import type { JobMode, JobPriority } from '../../core/work.ts';

/** What few orders say: within `options`, or beside it, as models send it. */
export const JOB_OPTIONS =
  'mode (worker, claude_code, acp), agent_name, max_iterations, budget_usd, priority, project_dir, credentials';

const MODES = ['local', 'worker', 'claude_code', 'acp'] as const satisfies readonly JobMode[];

/** What a call of create_job asks for. A number that is not positive is not given. */
export interface AskedJob {
  readonly title: string;
  readonly description: string;
  readonly wait: boolean;
  readonly mode: JobMode;
  readonly subtasks: readonly unknown[];
  readonly maxIterations: number;
  readonly maxMinutes: number;
  /** US dollars. */
  readonly budgetUsd: number;
  readonly priority: JobPriority | undefined;
  /** Empty: a folder of its own. */
  readonly projectDir: string;
  readonly agentName: string;
  /** Names of secrets, and the variable each is to be given as. */
  readonly credentials: Readonly<Record<string, string>>;
}

/** Reads the arguments; an error says what cannot be read. */
export function askedJob(args: Fields): Result<AskedJob, string> {
  const options: Fields = { ...args, ...(isFields(args.options) && args.options) };
  const credentials = credentialsIn(options.credentials);
  if (!credentials.ok) return credentials;
  const text = (name: string): string => textOf(options[name]);
  const mode = MODES.find((mode) => mode === (text('mode') || 'local'));
  if (mode === undefined) return err(`There is no mode "${text('mode')}": it is one of ${MODES.join(', ')}.`);
  return ok({
    title: textOf(args.title),
    description: textOf(args.description),
    wait: args.wait !== false,
    mode,
    subtasks: Array.isArray(args.subtasks) ? args.subtasks : [],
    maxIterations: numberOf(options.max_iterations),
    maxMinutes: numberOf(options.max_minutes),
    budgetUsd: numberOf(options.budget_usd),
    priority: PRIORITIES.find((priority) => priority === text('priority').toLowerCase()),
    projectDir: text('project_dir'),
    agentName: text('agent_name'),
    credentials: credentials.value,
  });
}

/** What a schema that allows anything lets through. */
export type Fields = Readonly<Record<string, unknown>>;

export const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** `routine` is for routines. */
const PRIORITIES = ['interactive', 'job', 'maintenance'] as const;

export const textOf = (value: unknown): string => (typeof value === 'string' ? value.trim() : '');

function numberOf(value: unknown): number {
  const number = typeof value === 'string' ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) ? Math.max(0, number) : 0;
}

function credentialsIn(value: unknown): Result<AskedJob['credentials'], string> {
  if (value === undefined || value === null || value === '') return ok({});
  if (!isFields(value)) return err(NOT_CREDENTIALS);
  const given = Object.entries(value).map(([secret, name]) => [secret, textOf(name)] as const);
  return given.every(([secret, name]) => secret !== '' && name !== '')
    ? ok(Object.fromEntries(given))
    : err(NOT_CREDENTIALS);
}

const NOT_CREDENTIALS =
  'credentials is an object from the name of a secret to that of a variable: {"github_token": "GITHUB_TOKEN"}.';
