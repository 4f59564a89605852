import { z } from 'zod';
import { parseClockTime, parseDailySpan } from '../core/clock-times.ts';
import { DEFAULT_DOMAINS } from '../core/container-domains.ts';

/**
 * Every setting, under the same name wherever it is written: `gateway.port` in a file is `[gateway]` `port = …`,
 * in the environment `IRONBARK_GATEWAY_PORT`, in the program `config.gateway.port`. Units are part of the names. What
 * each means stands in its description, which every face shows.
 */
const sections = {
  gateway: section('gateway', {
    host: text('an address, for example "127.0.0.1"').default('127.0.0.1').describe('Address to listen on.'),
    port: wholeNumber(0, 65_535)
      .default(4747)
      .describe('Port to listen on; 0 lets the system choose a free one.'),
    allow_remote: z
      .boolean('must be true or false')
      .default(false)
      .describe('Must be true before `host` may be an address that other machines can reach.'),
    allow_faults: z
      .boolean('must be true or false')
      .default(false)
      .describe('Lets clients crash actors on purpose, to see them come back.'),
    max_clients: wholeNumber(1, 100_000).default(100).describe('WebSocket clients at the same time.'),
    chat_per_minute: wholeNumber(1, 1_000_000)
      .default(30)
      .describe('Messages that one user may send through the HTTP API in a minute.'),
    changes_per_minute: wholeNumber(1, 1_000_000)
      .default(600)
      .describe(
        'Requests to the HTTP API that change something, in a minute, by one user or from one address.',
      ),
  }),
  database: section('database', {
    url: z
      .string('must be a quoted address, for example "postgres://user@host/name"')
      .regex(/^postgres(ql)?:\/\//, 'must begin with postgres://')
      .exactOptional()
      .describe('`postgres://…`; without it an embedded database lives in the home folder.'),
  }),
  /** Handed as it is to the choice of the model, which also reads the providers' own environment variables. */
  llm: section('llm', {
    provider: text('a provider, for example "openai"')
      .exactOptional()
      .describe('The provider of language models, for example "openai".'),
    model: text('the name of a model').exactOptional().describe('The model that is asked first.'),
    base_url: text('an address, for example "https://api.example.com/v1"')
      .exactOptional()
      .describe('Where the provider is asked, if not at its usual address.'),
    api_key: text('a key').exactOptional().describe('The key of the provider. Better kept as a secret.'),
    fallback: z
      .array(text('the name of a model'), 'must be a list of models')
      .exactOptional()
      .describe(
        'References (`provider/model`) of the models that are asked when the first cannot answer, in this order.',
      ),
    cheap_model: text('the name of a model')
      .exactOptional()
      .describe('Reference of the model for what the user does not see: routing, summaries, titles.'),
    thinking: z
      .enum(['off', 'low', 'medium', 'high'], 'must be one of: off, low, medium, high')
      .exactOptional()
      .describe('How much models think before they answer; without it, as each is set up by itself.'),
    max_concurrent: wholeNumber(1, 1000)
      .default(16)
      .describe('Calls of models that run at once; more wait for their turn.'),
    cache_minutes: wholeNumber(0, 10_080)
      .default(0)
      .describe(
        'How long what the model answered aside (routing, summaries) counts for the same question; 0: not at all.',
      ),
  }),
  files: section('files', {
    root: text('a folder')
      .default('files')
      .describe(
        "The folder whose files the assistant may touch, beside the system's temporary one. Relative to the home folder.",
      ),
  }),
  agent: section('agent', {
    max_iterations: wholeNumber(1, 1000)
      .default(50)
      .describe('Model calls in one turn before it ends with what it has.'),
    max_turn_tokens: wholeNumber(0, 1_000_000_000)
      .default(2_000_000)
      .describe('Tokens that the model calls of one turn may read and write, together; 0: no limit.'),
    max_turn_minutes: wholeNumber(0, 10_080)
      .default(60)
      .describe(
        'Minutes that model and tools may work in one turn; waiting for the user does not count; 0: no limit.',
      ),
    tool_timeout_seconds: wholeNumber(1, 86_400)
      .default(900)
      .describe(
        'How long one tool call may take at most. Each tool has a limit of its own as well, most of them a minute.',
      ),
    session_idle_minutes: wholeNumber(1, 10_080)
      .default(10)
      .describe('After how long without work a conversation leaves memory; it comes back by itself.'),
    while_busy: z
      .enum(['queue', 'steer', 'interrupt'], 'must be one of: queue, steer, interrupt')
      .default('steer')
      .describe('What a message does during a turn, where neither it nor its conversation says.'),
  }),
  /** What models may cost, in US dollars; 0: no limit. Counted where the price of a model is known. */
  budget: section('budget', {
    day_usd: dollars()
      .default(0)
      .describe("US dollars in one day of the user's, from midnight to midnight; 0: no limit."),
    month_usd: dollars().default(0).describe("US dollars in one month of the user's; 0: no limit."),
    conversation_usd: dollars()
      .default(0)
      .describe('US dollars that one conversation may cost; 0: no limit.'),
    turn_usd: dollars().default(0).describe('US dollars that one turn may cost; 0: no limit.'),
    agent_usd: dollars()
      .default(0)
      .describe('US dollars that one agent may cost which a turn hands work to; 0: no limit.'),
  }),
  work: section('work', {
    max_parallel_jobs: wholeNumber(1, 1000)
      .default(5)
      .describe('Jobs that are worked on at once; more wait.'),
    max_parallel_jobs_per_user: wholeNumber(0, 1000)
      .default(0)
      .describe('The same of one user; 0: as many as at all.'),
    stuck_after_seconds: wholeNumber(10, 86_400)
      .default(300)
      .describe('A job in which nothing happens for so long is stuck, and is taken up again.'),
    max_repairs: wholeNumber(0, 100)
      .default(3)
      .describe('How often a stuck job is taken up again before it fails.'),
  }),
  routines: section('routines', {
    max_concurrent: wholeNumber(1, 1000)
      .default(10)
      .describe('Runs of routines that are under way at once; more wait.'),
    late_after_seconds: wholeNumber(0, 86_400)
      .default(60)
      .describe('A routine that begins so long after its time is reported as late; 0: never.'),
  }),
  memory: section('memory', {
    layers: z
      .array(memoryLayer(), 'must be a list, written as [[memory.layers]]')
      .refine(
        (layers) =>
          isDistinct(layers.map(({ name }) => name)) && isDistinct(layers.map(({ folder }) => folder)),
        'must have a name and a folder each that no other has',
      )
      .default([])
      .describe(
        'Parts of memory that others can see, or that are only read. What is in none of them is private.',
      ),
    consolidate: z
      .boolean('must be true or false')
      .default(true)
      .describe(
        'Whether memory is tidied every night: what is said twice merged, what is old and unused folded and removed.',
      ),
    episodes: z
      .boolean('must be true or false')
      .default(true)
      .describe('Whether conversations that have ended are distilled into memory.'),
    episode_after_minutes: wholeNumber(1, 10_080)
      .default(30)
      .describe('A conversation has ended where nobody talked in it for so long.'),
  }),
  /** What makes vectors of memory, by which texts are found that say the same in other words. */
  embeddings: section('embeddings', {
    provider: text('"embedded", "off" or a provider, for example "openai"')
      .default('embedded')
      .describe(
        '`embedded`: the model in this program, for English; `off`; or a provider of models, such as "openai".',
      ),
    model: text('the name of an embedding model')
      .exactOptional()
      .describe("The provider's embedding model; without it, its usual one."),
    base_url: text('an address, for example "http://localhost:11434"')
      .exactOptional()
      .describe('Where the provider is asked, if not at its usual address.'),
    dimensions: wholeNumber(16, 4096)
      .exactOptional()
      .describe('How long vectors are to be, of models that leave the choice.'),
  }),
  /** How the user is told what they did not ask for just now: that a job is done, that a routine failed. */
  notify: section('notify', {
    quiet_hours: dailySpan()
      .exactOptional()
      .describe(
        'Hours of the user\'s in which only what is urgent is told, for example "22:00-07:00"; the rest waits.',
      ),
    gather_seconds: wholeNumber(0, 86_400)
      .default(10)
      .describe('What comes within so long after something of its kind was told is told as one.'),
    digest_at: clockTime()
      .default('18:00')
      .describe('When the user is told what waits for the daily digest.'),
    rules: z
      .array(notifyRule(), 'must be a list, written as [[notify.rules]]')
      .default([])
      .describe('What is told how: the first rule that fits decides. Kinds are "job.failed", "job.*", "*" …'),
  }),
  /** Now and then the assistant looks by itself whether something of HEARTBEAT.md needs attention. */
  heartbeat: section('heartbeat', {
    enabled: z
      .boolean('must be true or false')
      .default(true)
      .describe('Whether it does. It costs nothing as long as HEARTBEAT.md asks for nothing.'),
    every_minutes: wholeNumber(5, 10_080).default(30).describe('How often, in minutes.'),
    daily_at: clockTime()
      .exactOptional()
      .describe('Once a day at this time of the user\'s instead: "08:00".'),
    quiet_hours: dailySpan()
      .exactOptional()
      .describe('Hours of the user\'s in which it does not look, for example "22:00-07:00".'),
  }),
  /** What is removed by itself because it is old. */
  hygiene: section('hygiene', {
    enabled: z.boolean('must be true or false').default(true).describe('Whether old things are removed.'),
    daily_log_days: wholeNumber(0, 36_500)
      .default(30)
      .describe(
        'Days after which daily logs of memory are removed that did not change; 0: never. A rule of the folder counts more.',
      ),
    conversation_days: wholeNumber(0, 36_500)
      .default(7)
      .describe('The same for documents of memory in `conversations/`.'),
    work_days: wholeNumber(0, 36_500)
      .default(30)
      .describe(
        'Days after which jobs and runs of routines that ended are removed, with what was said in them; 0: never.',
      ),
    record_days: wholeNumber(0, 36_500)
      .default(90)
      .describe(
        'Days after which it is forgotten what was delivered and done. Until then what comes in twice is recognised; 0: never.',
      ),
  }),
  /** Tools from outside that fail again and again. */
  repair: section('repair', {
    enabled: z
      .boolean('must be true or false')
      .default(true)
      .describe('Whether a tool that keeps failing is noticed, and its repair offered.'),
    after_failures: wholeNumber(1, 1_000)
      .default(5)
      .describe('Failures in a row after which a tool counts as broken.'),
    max_attempts: wholeNumber(1, 100)
      .default(3)
      .describe('Repairs of one tool after which it is left alone.'),
  }),
  secrets: section('secrets', {
    keychain: z
      .boolean('must be true or false')
      .default(true)
      .describe(
        'Whether Ironbark keeps its master key in the keychain of the operating system, where that can be used.',
      ),
  }),
  /** Containers, and what they may reach. */
  sandbox: section('sandbox', {
    enabled: z
      .boolean('must be true or false')
      .default(false)
      .describe(
        'Whether the shell tool runs its commands in containers. Where none can be had it then runs nothing.',
      ),
    image: text('the name of an image')
      .exactOptional()
      .describe('Image of the containers; without it the one that `ironbark sandbox build` makes.'),
    docker_socket: text('a path')
      .exactOptional()
      .describe("The Docker daemon's socket; without it where `DOCKER_HOST` or the system has it."),
    workspace: z
      .enum(['read-write', 'read-only'], 'must be one of: read-write, read-only')
      .default('read-write')
      .describe('What commands in a container may do with the files folder.'),
    memory_mb: wholeNumber(64, 1_000_000)
      .default(2048)
      .describe('Memory that one container may take, in megabytes.'),
    cpus: z
      .number('must be a number from 0.1 to 256')
      .min(0.1, 'must be a number from 0.1 to 256')
      .max(256, 'must be a number from 0.1 to 256')
      .default(2)
      .describe('Processor cores that one container may keep busy.'),
    processes: wholeNumber(16, 100_000)
      .default(256)
      .describe('Processes and threads that one container may have at once.'),
    temporary_mb: wholeNumber(1, 1_000_000)
      .default(512)
      .describe('Size of `/tmp` in a container, in megabytes. It lies in the memory that it may take.'),
    workspace_growth_mb: wholeNumber(1, 10_000_000)
      .default(5120)
      .describe('By how much the files folder may grow while a container lives, in megabytes.'),
    idle_minutes: wholeNumber(1, 1440)
      .default(10)
      .describe('How long a container for commands is kept after the last one.'),
    domains: z
      .array(domain(), 'must be a list of domains')
      .default([...DEFAULT_DOMAINS])
      .describe(
        'Domains that containers may reach, each exact or as "*.example.org"; an empty list: none but `extra_domains`.',
      ),
    extra_domains: z
      .array(domain(), 'must be a list of domains')
      .default([])
      .describe('Further domains that containers may reach.'),
    upload_limit_mb: wholeNumber(0, 1_000_000)
      .default(10)
      .describe('What one container may send out altogether, in megabytes.'),
    credentials: z
      .array(containerCredential(), 'must be a list, written as [[sandbox.credentials]]')
      .default([])
      .describe(
        'Secrets that are put into plain requests of containers to the hosts named, without them ever being seen inside.',
      ),
    acp_agents: z
      .array(acpAgent(), 'must be a list, written as [[sandbox.acp_agents]]')
      .refine((agents) => isDistinct(agents.map(({ name }) => name)), 'must each have a name of their own')
      .default([])
      .describe('Programs that speak the Agent Client Protocol, for jobs in the mode "acp".'),
    orchestrator_port: wholeNumber(1, 65_535)
      .exactOptional()
      .describe(
        'Port of this machine on which the work of jobs is heard beside the sockets of their containers; without it on none.',
      ),
    claude_model: text('the name of a model')
      .default('sonnet')
      .describe('The model of jobs in the mode "claude_code".'),
    claude_turns: wholeNumber(1, 1000)
      .default(50)
      .describe('Turns that a job in the mode "claude_code" takes at most.'),
  }),
  user: section('user', {
    name: text('a name')
      .max(100, 'must have at most 100 characters')
      .exactOptional()
      .describe('What the user is called.'),
    locale: z
      .string('must be a quoted language, for example "en-GB"')
      .refine(isLocale, 'must be a language, for example "en-GB" or "de"')
      .exactOptional()
      .describe(
        'Language and region in which pages show dates and numbers; without it, as the browser says.',
      ),
    timezone: z
      .string('must be a quoted time zone, for example "Europe/Berlin"')
      .refine(isTimezone, 'must be a time zone, for example "Europe/Berlin" or "UTC"')
      .default(() => Intl.DateTimeFormat().resolvedOptions().timeZone)
      .describe('IANA time zone in which the user is told times.'),
  }),
  /** Notices that the program does nothing any more because one part of it never comes to an end. */
  watchdog: section('watchdog', {
    enabled: z
      .boolean('must be true or false')
      .default(true)
      .describe('Whether anybody watches that the program still does something.'),
    report_after_ms: wholeNumber(250, 60_000)
      .default(250)
      .describe('How long everything may stand still before the log says so, and what it stood still for.'),
    hung_after_seconds: wholeNumber(1, 3_600)
      .default(10)
      .describe('How long one actor may leave its messages waiting before it is restarted.'),
    restart_after_seconds: wholeNumber(0, 86_400)
      .default(30)
      .describe('How long until `ironbark serve` ends itself and is started again; 0: never.'),
  }),
  log: section('log', {
    level: z
      .enum(
        ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'],
        'must be one of: trace, debug, info, warn, error, fatal, silent',
      )
      .default('info')
      .describe('What the log is told: this and everything more serious.'),
  }),
};

export const configSchema = z.strictObject({
  gateway: sections.gateway.prefault({}),
  database: sections.database.prefault({}),
  llm: sections.llm.prefault({}),
  files: sections.files.prefault({}),
  agent: sections.agent.prefault({}),
  budget: sections.budget.prefault({}),
  work: sections.work.prefault({}),
  routines: sections.routines.prefault({}),
  memory: sections.memory.prefault({}),
  embeddings: sections.embeddings.prefault({}),
  notify: sections.notify.prefault({}),
  heartbeat: sections.heartbeat.prefault({}),
  hygiene: sections.hygiene.prefault({}),
  repair: sections.repair.prefault({}),
  secrets: sections.secrets.prefault({}),
  sandbox: sections.sandbox.prefault({}),
  user: sections.user.prefault({}),
  watchdog: sections.watchdog.prefault({}),
  log: sections.log.prefault({}),
});

/** The whole configuration, complete and checked. */
export type Config = z.output<typeof configSchema>;

/** `gateway`, `database`, … */
export const sectionNames: readonly string[] = Object.keys(sections);

/** `gateway.host`, `gateway.port`, … with the rule each value must follow. */
export const settingRules: ReadonlyMap<string, z.ZodType> = new Map(
  Object.entries(sections).flatMap(([name, { shape }]) =>
    Object.entries(shape).map(([key, rule]): [string, z.ZodType] => [`${name}.${key}`, rule]),
  ),
);

/** Settings that are never shown. */
export const secretSettings: ReadonlySet<string> = new Set(['llm.api_key']);

function section<Shape extends z.ZodRawShape>(name: string, shape: Shape) {
  return z.strictObject(shape, {
    error: (issue) =>
      issue.code === 'unrecognized_keys' ? undefined : `must be a section, written as [${name}]`,
  });
}

function text(what: string) {
  const rule = `must be ${what}, in quotes`;
  return z.string(rule).min(1, rule);
}

function wholeNumber(least: number, most: number) {
  const rule = `must be a whole number from ${least} to ${most}`;
  return z.number(rule).int(rule).min(least, rule).max(most, rule);
}

function dollars() {
  const rule = 'must be an amount in US dollars from 0 to 1000000, for example 2.50';
  return z.number(rule).min(0, rule).max(1_000_000, rule);
}

function clockTime() {
  const rule = 'must be a time of the day, for example "18:00"';
  return z.string(rule).refine((value) => parseClockTime(value) !== undefined, rule);
}

function dailySpan() {
  const rule = 'must be two times of the day, for example "22:00-07:00"';
  return z.string(rule).refine((value) => parseDailySpan(value) !== undefined, rule);
}

/** See `NotifyRule` in `src/notifications`. */
function notifyRule() {
  return z.strictObject({
    kind: z
      .string('must be a kind, in quotes')
      .regex(/^(?:\*|[a-z]+\.(?:\*|[a-z]+))$/, 'must be a kind, for example "job.failed", "job.*" or "*"'),
    /** Only what would be told on this channel. */
    channel: text('the name of a channel').exactOptional(),
    how: z
      .enum(['urgent', 'now', 'digest', 'off'], 'must be one of: urgent, now, digest, off')
      .default('now'),
    /** Where it is told instead. */
    to: text('the name of a channel').exactOptional(),
  });
}

/** See `Layer` in `src/memory`. */
function memoryLayer() {
  return z.strictObject({
    name: text('a name, for example "team"'),
    /** Its documents are those whose paths begin with it; "": all that are in no other. */
    folder: z
      .string('must be a folder of memory, in quotes')
      .regex(
        /^(?:(?!\.\.?(?:\/|$))[^\s/\\:][^/\\:]*(?:\/(?!\.\.?(?:\/|$))[^\s/\\:][^/\\:]*)*)?$/,
        'must be a folder of memory, for example "team" or "shared/team"',
      ),
    writable: z.boolean('must be true or false').default(true),
    /** `shared`: others than the user can see it. */
    sensitivity: z.enum(['private', 'shared'], 'must be one of: private, shared').default('private'),
  });
}

function domain() {
  return z
    .string('must be a domain, in quotes')
    .regex(
      /^(?:\*\.)?(?:[a-z0-9_-]{1,63}\.)+(?=[a-z0-9-]*[a-z])[a-z0-9-]{2,63}$/i,
      'must be a domain, for example "example.org" or "*.example.org"',
    );
}

/** See `Credential` in `src/extensions`. */
function containerCredential() {
  return z.strictObject({
    secret: text('the name of a secret'),
    hosts: z.array(domain(), 'must be a list of domains').min(1, 'must name a host'),
    /** With `*` for any characters; none: every path. */
    paths: z.array(text('a path, for example "/v1/*"'), 'must be a list of paths').default([]),
    /** The header it becomes, with `prefix` before it; without one: `Authorization: Bearer`. */
    header: text('the name of a header').exactOptional(),
    prefix: z.string('must be in quotes').exactOptional(),
  });
}

/** A program in the image, or below a job's folder. */
function acpAgent() {
  return z.strictObject({
    name: text('a name, for example "goose"'),
    command: text('a program, for example "goose"'),
    args: z.array(z.string('must be in quotes'), 'must be a list of texts').default([]),
    env: z.record(z.string(), z.string('must be in quotes'), 'must be a table of texts').default({}),
  });
}

const isDistinct = (names: readonly string[]): boolean =>
  new Set(names.map((name) => name.toLowerCase())).size === names.length;

function isTimezone(name: string): boolean {
  try {
    return Boolean(Intl.DateTimeFormat('en', { timeZone: name }));
  } catch {
    return false;
  }
}

function isLocale(name: string): boolean {
  try {
    return Intl.getCanonicalLocales(name).length === 1;
  } catch {
    return false;
  }
}
