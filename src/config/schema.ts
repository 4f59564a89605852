import { z } from 'zod';

/**
 * Every setting, under the same name wherever it is written: `gateway.port` in a file is `[gateway]` `port = …`,
 * in the environment `IRONBARK_GATEWAY_PORT`, in the program `config.gateway.port`. Units are part of the names.
 */
const sections = {
  gateway: section('gateway', {
    /** Address to listen on. */
    host: text('an address, for example "127.0.0.1"').default('127.0.0.1'),
    /** Port to listen on; 0 lets the system choose a free one. */
    port: wholeNumber(0, 65_535).default(4747),
    /** Must be true before `host` may be an address that other machines can reach. */
    allow_remote: z.boolean('must be true or false').default(false),
    /** Lets clients crash actors on purpose, to see them come back. */
    allow_faults: z.boolean('must be true or false').default(false),
  }),
  database: section('database', {
    /** `postgres://…`; without it an embedded database lives in the home folder. */
    url: z
      .string('must be a quoted address, for example "postgres://user@host/name"')
      .regex(/^postgres(ql)?:\/\//, 'must begin with postgres://')
      .exactOptional(),
  }),
  /** Handed as it is to the choice of the model, which also reads the providers' own environment variables. */
  llm: section('llm', {
    provider: text('a provider, for example "openai"').exactOptional(),
    model: text('the name of a model').exactOptional(),
    base_url: text('an address, for example "https://api.example.com/v1"').exactOptional(),
    api_key: text('a key').exactOptional(),
    /** References (`provider/model`) of the models that are asked when the first cannot answer, in this order. */
    fallback: z.array(text('the name of a model'), 'must be a list of models').exactOptional(),
    /** Reference of the model for what the user does not see: routing, summaries, titles. */
    cheap_model: text('the name of a model').exactOptional(),
    /** How much models think before they answer; without it, as each is set up by itself. */
    thinking: z
      .enum(['off', 'low', 'medium', 'high'], 'must be one of: off, low, medium, high')
      .exactOptional(),
    /** Calls of models that run at once; more wait for their turn. */
    max_concurrent: wholeNumber(1, 1000).default(16),
    /** How long what the model answered aside (routing, summaries) counts for the same question; 0: not at all. */
    cache_minutes: wholeNumber(0, 10_080).default(0),
  }),
  files: section('files', {
    /** The folder whose files the assistant may touch, beside the system's temporary one. Relative to the home folder. */
    root: text('a folder').default('files'),
  }),
  agent: section('agent', {
    /** Model calls in one turn before it ends with what it has. */
    max_iterations: wholeNumber(1, 1000).default(50),
    /** Tokens that the model calls of one turn may read and write, together; 0: no limit. */
    max_turn_tokens: wholeNumber(0, 1_000_000_000).default(2_000_000),
    /** Minutes that model and tools may work in one turn; waiting for the user does not count; 0: no limit. */
    max_turn_minutes: wholeNumber(0, 10_080).default(60),
    /** How long one tool call may take at most. Each tool has a limit of its own as well, most of them a minute. */
    tool_timeout_seconds: wholeNumber(1, 86_400).default(900),
    /** After how long without work a conversation leaves memory; it comes back by itself. */
    session_idle_minutes: wholeNumber(1, 10_080).default(10),
    /** What a message does during a turn, where neither it nor its conversation says. */
    while_busy: z
      .enum(['queue', 'steer', 'interrupt'], 'must be one of: queue, steer, interrupt')
      .default('steer'),
  }),
  /** What models may cost, in US dollars; 0: no limit. Counted where the price of a model is known. */
  budget: section('budget', {
    /** In one day of the user's, from midnight to midnight. */
    day_usd: dollars().default(0),
    month_usd: dollars().default(0),
    conversation_usd: dollars().default(0),
    turn_usd: dollars().default(0),
    /** One agent that a turn hands work to. */
    agent_usd: dollars().default(0),
  }),
  memory: section('memory', {
    /** Parts of memory that others can see, or that are only read. What is in none of them is private. */
    layers: z
      .array(memoryLayer(), 'must be a list, written as [[memory.layers]]')
      .refine(
        (layers) =>
          isDistinct(layers.map(({ name }) => name)) && isDistinct(layers.map(({ folder }) => folder)),
        'must have a name and a folder each that no other has',
      )
      .default([]),
    /** Whether memory is tidied every night: what is said twice merged, what is old and unused folded and removed. */
    consolidate: z.boolean('must be true or false').default(true),
    /** Whether conversations that have ended are distilled into memory. */
    episodes: z.boolean('must be true or false').default(true),
    /** A conversation has ended where nobody talked in it for so long. */
    episode_after_minutes: wholeNumber(1, 10_080).default(30),
  }),
  /** What makes vectors of memory, by which texts are found that say the same in other words. */
  embeddings: section('embeddings', {
    /** `embedded`: the model in this program, for English; `off`; or a provider of models, such as "openai". */
    provider: text('"embedded", "off" or a provider, for example "openai"').default('embedded'),
    /** The provider's embedding model; without it, its usual one. */
    model: text('the name of an embedding model').exactOptional(),
    /** Where the provider is asked, if not at its usual address. */
    base_url: text('an address, for example "http://localhost:11434"').exactOptional(),
    /** How long vectors are to be, of models that leave the choice. */
    dimensions: wholeNumber(16, 4096).exactOptional(),
  }),
  secrets: section('secrets', {
    /** Whether Ironbark keeps its master key in the keychain of the operating system, where that can be used. */
    keychain: z.boolean('must be true or false').default(true),
  }),
  user: section('user', {
    /** IANA time zone in which the user is told times. */
    timezone: z
      .string('must be a quoted time zone, for example "Europe/Berlin"')
      .refine(isTimezone, 'must be a time zone, for example "Europe/Berlin" or "UTC"')
      .default(() => Intl.DateTimeFormat().resolvedOptions().timeZone),
  }),
  /** Notices that the program does nothing any more because one part of it never comes to an end. */
  watchdog: section('watchdog', {
    enabled: z.boolean('must be true or false').default(true),
    /** How long everything may stand still before the log says so, and what it stood still for. */
    report_after_ms: wholeNumber(250, 60_000).default(250),
    /** How long one actor may leave its messages waiting before it is restarted. */
    hung_after_seconds: wholeNumber(1, 3_600).default(10),
    /** How long until `ironbark serve` ends itself and is started again; 0: never. */
    restart_after_seconds: wholeNumber(0, 86_400).default(30),
  }),
  log: section('log', {
    level: z
      .enum(
        ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'],
        'must be one of: trace, debug, info, warn, error, fatal, silent',
      )
      .default('info'),
  }),
};

export const configSchema = z.strictObject({
  gateway: sections.gateway.prefault({}),
  database: sections.database.prefault({}),
  llm: sections.llm.prefault({}),
  files: sections.files.prefault({}),
  agent: sections.agent.prefault({}),
  budget: sections.budget.prefault({}),
  memory: sections.memory.prefault({}),
  embeddings: sections.embeddings.prefault({}),
  secrets: sections.secrets.prefault({}),
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

const isDistinct = (names: readonly string[]): boolean =>
  new Set(names.map((name) => name.toLowerCase())).size === names.length;

function isTimezone(name: string): boolean {
  try {
    return Boolean(Intl.DateTimeFormat('en', { timeZone: name }));
  } catch {
    return false;
  }
}
