import type { Command } from 'commander';
import type { Context, Settings } from '../context.ts';
import type { Finish } from '../program.ts';
import { addGlobalOptions, settingsOf } from '../settings.ts';
import type { InstallFlags } from '../tool/manage.ts';
import type { RunFlags } from '../tool/run-tool.ts';

const SOURCE =
  'a component (.wasm), a tool in JavaScript (.js, or a folder with tool.js), or the name of an installed tool';
const CAPABILITIES = ['--capabilities <file>', 'its capabilities file (default: the one beside it)'] as const;
const APPROVE = ['--approve <all|none>', 'what it asks for, without being asked one by one'] as const;
const PARAMS = ['--params <json>', 'its arguments (default: {})'] as const;

const EXAMPLES = `
Examples:
  ironbark tool info github.wasm
  ironbark tool install github.wasm
  ironbark tool install extensions/weather --approve all
  ironbark tool run github.wasm --capabilities github.capabilities.json --http exchanges.json \\
    --params '{"owner":"me","repo":"it"}' --context '{"capability_id":"github.get_repo"}'`;

const RUN = [
  'Makes one call through the whole sandbox and prints each request as it leaves, with secrets masked.',
  '',
  'With --http the network is played from recorded exchanges, as in traces, and secrets are stand-ins; without it, ' +
    'requests really go out. A tool that is not installed may do in this call what its capabilities file asks for; an ' +
    'installed one what you approved, unless you name the file. Exits with 10 where the tool was refused or failed.',
].join('\n');

const RECORDING = `
A recording:
  {"http_exchanges": [{"request": {"method": "GET", "url": "https://api.example.com/"},
                       "response": {"status": 200, "headers": [], "body": "…"}}]}`;

export function configure(command: Command, context: Context, finish: Finish): void {
  command
    .description(
      'Tools from outside: WebAssembly components that run in a sandbox, with nothing but what you approved of what ' +
        'they ask for. They lie in the folder tools/ of the home; a file dropped there is picked up without a restart.',
    )
    .addHelpText('after', EXAMPLES);

  /** Ends the program with what the work says, and 0 where it says nothing. */
  async function end(work: Promise<number | undefined>): Promise<void> {
    finish((await work) ?? 0);
  }

  /** A sub-command that is carried out by what `work` loads. */
  function add<Flags>(
    usage: string,
    about: string,
    describe: (sub: Command) => Command,
    work: (what: string, flags: Flags, settings: Settings) => Promise<number | undefined>,
  ): void {
    const sub = describe(addGlobalOptions(command.command(usage)).description(about)).allowExcessArguments(
      false,
    );
    sub.action((what: string, flags: Flags) => end(work(what, flags, settingsOf(sub, context.terminal))));
  }

  add<object>(
    'list',
    'Lists the tools in the folder, and what is wrong with those that are not in use.',
    (sub) => sub,
    async (_what, _flags, settings) => {
      const { listTools } = await import('../tool/manage.ts');
      await listTools(settings, context);
      return undefined;
    },
  );
  add<{ capabilities?: string }>(
    'info',
    'Shows what a tool is and what it asks for, without installing it.',
    (sub) => sub.argument('<tool>', SOURCE).option(...CAPABILITIES),
    async (what, flags, settings) => {
      const { describeTool } = await import('../tool/manage.ts');
      await describeTool(what, flags, settings, context);
      return undefined;
    },
  );
  add<InstallFlags>(
    'install',
    'Installs a tool, after showing what it asks for; nothing is granted that you do not approve.',
    (sub) =>
      sub
        .argument('<tool>', SOURCE)
        .option(...CAPABILITIES)
        .option(...APPROVE)
        .option('--name <name>', 'the name it gets here (default: that of its file)')
        .option('--sha256 <hash>', 'the hash that the component must have'),
    async (what, flags, settings) => {
      const { installTool } = await import('../tool/manage.ts');
      await installTool(what, flags, settings, context);
      return undefined;
    },
  );
  add<{ approve?: string }>(
    'approve',
    'Approves what an installed tool asks for; --approve none takes everything back.',
    (sub) => sub.argument('<name>').option(...APPROVE),
    async (name, flags, settings) => {
      const { approveTool } = await import('../tool/manage.ts');
      await approveTool(name, flags, settings, context);
      return undefined;
    },
  );
  add<object>(
    'remove',
    'Removes an installed tool, and what was approved of it.',
    (sub) => sub.argument('<name>'),
    async (name, _flags, settings) => {
      const { removeTool } = await import('../tool/manage.ts');
      await removeTool(name, settings, context);
      return undefined;
    },
  );
  add<{ params?: string; capabilities?: string }>(
    'test',
    'Checks that a tool builds, describes itself and comes to an end, granting it nothing.',
    (sub) =>
      sub
        .argument('<tool>', SOURCE)
        .option(...PARAMS)
        .option(...CAPABILITIES),
    async (what, flags, settings) => {
      const { testTool } = await import('../tool/test-tool.ts');
      return testTool(what, flags, settings, context);
    },
  );
  add<RunFlags>(
    'run',
    RUN,
    (sub) =>
      sub
        .summary('Makes one call, with the network recorded or real.')
        .addHelpText('after', RECORDING)
        .argument('<tool>', SOURCE)
        .option(...PARAMS)
        .option('--context <json>', 'what its host tells it, for example {"capability_id":"github.get_repo"}')
        .option(...CAPABILITIES)
        .option(
          '--call <callback>',
          'of a channel: on-start (default), on-http-request, on-poll, on-respond, …',
        )
        .option('--http <file>', 'recorded exchanges in place of the network')
        .option('--without-secret <names...>', 'with --http: secrets that are not there')
        .option('--workspace <folder>', 'where it may read notes from, as far as it was approved'),
    async (what, flags, settings) => {
      const { runTool } = await import('../tool/run-tool.ts');
      return runTool(what, flags, settings, context);
    },
  );
}
