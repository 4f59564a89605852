import type { Command } from 'commander';
import type { BuildOutcome, DaemonState, FoundContainer } from '../../containers/index.ts';
import { EXIT_CODES, IronbarkError } from '../../core/errors.ts';
import { type Context, printResult } from '../context.ts';
import type { Finish } from '../program.ts';
import { addGlobalOptions, readConfig, settingsOf } from '../settings.ts';

const EXAMPLES = `
How containers are set up stands in the section [sandbox] of config.toml; with enabled = true the shell tool runs its
commands in them, and never on this machine.

Examples:
  ironbark sandbox status
  ironbark sandbox build`;

export function configure(command: Command, context: Context, finish: Finish): void {
  command
    .description('Containers: for the commands of the shell tool, and for jobs.')
    .addHelpText('after', EXAMPLES);
  configureStatus(addGlobalOptions(command.command('status')), context, finish);
  configureBuild(addGlobalOptions(command.command('build')), context, finish);
}

interface SandboxStatus {
  readonly enabled: boolean;
  readonly daemon: DaemonState;
  readonly image: string;
  readonly hasImage: boolean;
  readonly containers: readonly FoundContainer[];
}

function configureStatus(command: Command, context: Context, finish: Finish): void {
  command
    .summary('whether containers can be had, and which there are')
    .description(
      'Shows whether containers can be had, what helps where they cannot, and which there are.\n' +
        'Exits with 10 where they cannot.',
    )
    .allowExcessArguments(false)
    .action(async () => {
      const settings = settingsOf(command, context.terminal);
      const { sandbox } = await readConfig(settings, context.terminal);
      const { createContainers, SANDBOX_IMAGE } = await import('../../containers/index.ts');
      const containers = createContainers({
        home: settings.home,
        ...(sandbox.docker_socket !== undefined && { socketPath: sandbox.docker_socket }),
      });
      const image = sandbox.image ?? SANDBOX_IMAGE;
      const daemon = await containers.probe();
      const isUp = daemon.state === 'available';
      const status: SandboxStatus = {
        enabled: sandbox.enabled,
        daemon,
        image,
        hasImage: isUp && (await containers.hasImage(image)),
        containers: isUp ? await containers.mine() : [],
      };
      printResult(context, settings, status, () => statusText(status, SANDBOX_IMAGE));
      finish(status.hasImage ? 0 : EXIT_CODES['check-failed']);
    });
}

function statusText(status: SandboxStatus, ownImage: string): string {
  const { enabled, daemon, image, hasImage, containers } = status;
  const lines = [
    `Commands of the shell tool run ${enabled ? 'in containers' : 'on this machine (sandbox.enabled is false)'}.`,
  ];
  if (daemon.state !== 'available') return [...lines, daemon.message, `Run: ${daemon.fix}`].join('\n');
  const fix = image === ownImage ? 'ironbark sandbox build' : `docker pull ${image}`;
  return [
    ...lines,
    `Docker ${daemon.version} answers.`,
    hasImage ? `Image: ${image}` : `The image ${image} is missing. Run: ${fix}`,
    containers.length === 0 ? 'No containers.' : `Containers: ${containers.length}`,
    ...containers.map(
      ({ id, purpose, running, createdAt }) =>
        `  ${id.slice(0, 12)}  ${purpose.kind} of ${purpose.id}, ${running ? 'running' : 'ended'}, made ${createdAt}`,
    ),
  ].join('\n');
}

function configureBuild(command: Command, context: Context, finish: Finish): void {
  command
    .summary('make the image that containers run')
    .description(
      'Makes the image that containers run, out of programs of this machine and without any registry: a shell and\n' +
        'its tools, Git, Python and the Node that Ironbark itself runs on. Where nothing has changed, nothing is done.',
    )
    .allowExcessArguments(false)
    .action(async () => {
      const settings = settingsOf(command, context.terminal);
      const { sandbox } = await readConfig(settings, context.terminal);
      const { buildImage, ContainerError, daemonSocket } = await import('../../containers/index.ts');
      if (process.platform !== 'linux') throw new IronbarkError('usage', NOT_LINUX, NOT_LINUX_HINT);
      const socket = daemonSocket(sandbox.docker_socket, context.terminal.env);
      const outcome = await buildImage(socket).catch((thrown: unknown) => {
        if (thrown instanceof ContainerError) throw new IronbarkError('unreachable', thrown.message);
        throw thrown;
      });
      printResult(context, settings, outcome, () => outcomeText(outcome));
      finish(outcome.ok ? 0 : EXIT_CODES['check-failed']);
    });
}

const NOT_LINUX =
  'The image is put together from programs of this machine, and containers run programs of Linux.';
const NOT_LINUX_HINT = 'Set sandbox.image to an image with bash and Node 26, for example "node:26".';

function outcomeText(outcome: BuildOutcome): string {
  if (!outcome.ok)
    return `The image cannot be made: this machine has no ${outcome.missing.join(', ')}. Set sandbox.image to an image of a registry instead.`;
  const { tag, isNew, files, bytes } = outcome.image;
  const size = `${files} files, ${Math.round(bytes / 1e6)} MB`;
  return isNew ? `Made ${tag} (${size}).` : `Nothing has changed since ${tag} was made (${size}).`;
}
