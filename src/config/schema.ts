import { z } from 'zod';

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
  secrets: section('secrets', {
    keychain: z
      .boolean('must be true or false')
      .default(true)
      .describe(
        'Whether Ironbark keeps its master key in the keychain of the operating system, where that can be used.',
      ),
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

function isLocale(name: string): boolean {
  try {
    return Intl.getCanonicalLocales(name).length === 1;
  } catch {
    return false;
  }
}
