import type { FastifyInstance } from 'fastify';
import {
  ActionReply,
  type Extension,
  ExtensionActivateBody,
  ExtensionInstallBody,
  ExtensionInstallReply,
  ExtensionParams,
  ExtensionReply,
  ExtensionsReadinessReply,
  ExtensionsReply,
  RegistryReply,
  ToolsReply,
} from '../../core/api/extensions.ts';
import type {
  ExtensionInfo,
  ExtensionSecret,
  ExtensionsDesk,
  OfferedExtension,
} from '../../core/extensions.ts';
import { err, ok, type Result } from '../../core/result.ts';
import { withoutDesk } from './absent-desk.ts';
import type { ApiContext } from './context.ts';
import { type ApiFailure, notFound } from './failure.ts';
import { addRoute } from './route.ts';

const tag = 'extensions';
const WHAT = 'tools from outside';

export function addExtensions(app: FastifyInstance, context: ApiContext): void {
  addLists(app, context);
  addOne(app, context.extensions);
  addActions(app, context.extensions);
}

function addLists(app: FastifyInstance, { extensions: desk, assistant }: ApiContext): void {
  addRoute(app, {
    method: 'GET',
    url: '/api/extensions',
    tag,
    summary:
      'The tools from outside that are installed, what they ask for, and what is wrong with those not in use.',
    answer: ExtensionsReply,
    async run() {
      if (desk === undefined) return withoutDesk(WHAT);
      const extensions = await Promise.all((await desk.list()).map((info) => withSecrets(info, desk)));
      return ok({ extensions, folder: desk.folder, available: true, reason: null });
    },
  });
  addRoute(app, {
    method: 'GET',
    url: '/api/extensions/readiness',
    tag,
    summary: 'What each of them waits for.',
    answer: ExtensionsReadinessReply,
    async run() {
      if (desk === undefined) return withoutDesk(WHAT);
      const all = await Promise.all((await desk.list()).map((info) => withSecrets(info, desk)));
      return ok({ extensions: all.map(readinessOf) });
    },
  });
  addRoute(app, {
    method: 'GET',
    url: '/api/extensions/tools',
    tag,
    summary: 'The tools that they bring.',
    answer: ToolsReply,
    run: async () => ok({ tools: assistant.tools.list().filter(({ source }) => source === 'extension') }),
  });
  addRoute(app, {
    method: 'GET',
    url: '/api/extensions/registry',
    tag,
    summary: 'Empty: there is no catalogue to install from.',
    answer: RegistryReply,
    run: async () => ok({ entries: [], available: false as const, reason: NO_REGISTRY }),
  });
}

const NO_REGISTRY =
  'There is no catalogue. Install a file with POST /api/extensions/install, or: ironbark tool install FILE.wasm';

function addOne(app: FastifyInstance, desk: ExtensionsDesk | undefined): void {
  addRoute(app, {
    method: 'GET',
    url: '/api/extensions/:name',
    tag,
    summary: 'One of them: its powers, its arguments, the secrets that it takes.',
    params: ExtensionParams,
    answer: ExtensionReply,
    async run({ params: { name } }) {
      if (desk === undefined) return withoutDesk(WHAT);
      const info = (await desk.list()).find((one) => one.name === name);
      if (info === undefined) return notInstalled(name);
      const secrets = (await desk.secretsOf(name)) ?? [];
      const { component, parameters, notes } = info;
      const shown = secrets.map((secret) => ({
        name: secret.name,
        is_set: secret.isSet,
        optional: secret.optional,
        advice: secret.advice ?? null,
      }));
      return ok({ ...toExtension(info, secrets), component, parameters, notes, secrets: shown });
    },
  });
}

function addActions(app: FastifyInstance, desk: ExtensionsDesk | undefined): void {
  addRoute(app, {
    method: 'POST',
    url: '/api/extensions/install',
    tag,
    summary:
      'Without `print` says what a file would install and what that asks for; with it, installs just that with all of it.',
    body: ExtensionInstallBody,
    answer: ExtensionInstallReply,
    async run({ body: { path, print } }) {
      if (desk === undefined) return withoutDesk(WHAT);
      const outcome = print === undefined ? await desk.read(path) : await desk.install(path, print);
      return outcome.ok ? ok(toOffer(outcome.value, print !== undefined)) : refused(outcome.error);
    },
  });
  addRoute(app, {
    method: 'POST',
    url: '/api/extensions/:name/activate',
    tag,
    summary: 'Approves what an installed one asks for.',
    params: ExtensionParams,
    body: ExtensionActivateBody,
    answer: ActionReply,
    async run({ params: { name }, body }) {
      if (desk === undefined) return withoutDesk(WHAT);
      if (!(await isInstalled(name, desk))) return notInstalled(name);
      return done(await desk.approve(name, body.approve), `${name} may do what you approved.`);
    },
  });
  addRoute(app, {
    method: 'POST',
    url: '/api/extensions/:name/remove',
    tag,
    summary: 'Removes it, and what was approved of it.',
    params: ExtensionParams,
    answer: ActionReply,
    async run({ params: { name } }) {
      if (desk === undefined) return withoutDesk(WHAT);
      if (!(await isInstalled(name, desk))) return notInstalled(name);
      return done(await desk.remove(name), `Removed ${name}, and what was approved of it.`);
    },
  });
}

const isInstalled = async (name: string, desk: ExtensionsDesk): Promise<boolean> =>
  (await desk.list()).some((one) => one.name === name);

const notInstalled = (name: string) => notFound(`No tool named ${name} is installed.`);

const refused = (message: string) => err<ApiFailure>({ status: 422, code: 'refused', message });

const done = (outcome: Result<void, string>, message: string): Result<ActionReply, ApiFailure> =>
  outcome.ok ? ok({ success: true, message }) : refused(outcome.error);

const withSecrets = async (info: ExtensionInfo, desk: ExtensionsDesk): Promise<Extension> =>
  toExtension(info, (await desk.secretsOf(info.name)) ?? []);

function toExtension(info: ExtensionInfo, secrets: readonly ExtensionSecret[]): Extension {
  const { name, description, version, asks, trouble, component } = info;
  const authenticated = secrets.every(({ isSet, optional }) => isSet || optional);
  const isUsable = component !== null;
  return {
    name,
    kind: 'wasm_tool',
    description,
    version,
    active: isUsable,
    tools: isUsable ? [name] : [],
    authenticated,
    needs_setup: !authenticated,
    activation_error: trouble,
    asks,
  };
}

function readinessOf({ name, activation_error, active, needs_setup, asks }: Extension) {
  if (!active) return { name, phase: 'failed' as const, message: activation_error };
  if (asks.some(({ approved }) => !approved)) {
    return { name, phase: 'needs_approval' as const, message: 'Not all that it asks for is approved.' };
  }
  if (needs_setup)
    return { name, phase: 'needs_setup' as const, message: 'A secret that it takes is not set.' };
  return { name, phase: 'ready' as const, message: activation_error };
}

const toOffer = (offer: OfferedExtension, installed: boolean): ExtensionInstallReply => ({
  success: true,
  installed,
  message: installed
    ? `Installed ${offer.name}.`
    : `Nothing is installed yet. Send the print as well to install ${offer.name} with all that it asks for.`,
  name: offer.name,
  description: offer.description,
  version: offer.version ?? null,
  asks: offer.asks,
  replaces: offer.replaces,
  print: offer.print,
});
