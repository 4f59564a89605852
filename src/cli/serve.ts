import { IronbarkError } from '../core/errors.ts';
import { type Context, print, type Running, type Settings, type Started } from './context.ts';
import { configRequest, readConfig } from './settings.ts';
import { stopRequested } from './stop-request.ts';

/** Runs the assistant without a terminal until a signal stops it or it ends by itself. */
export async function serve(settings: Settings, context: Context): Promise<number> {
  const { access, terminal, version } = context;
  const config = await readConfig(settings, terminal);
  const running = await access.findRunning(settings.home);
  if (running) throw alreadyRunning(settings.home, running);
  // Before the start: a signal during it is a wish to stop all the same.
  const stop = stopRequested(context);
  const system = await access.start({
    home: settings.home,
    config,
    configRequest: configRequest(settings, terminal),
    version,
    env: terminal.env,
    warnings: terminal.stderr,
    watch: 'restart',
  });
  announce(system, settings, context);
  const failure = await Promise.race([stop.then(() => undefined), system.exited]);
  if (failure) throw failure;
  await system.stop();
  return 0;
}

function announce(system: Started, settings: Settings, { terminal, version }: Context): void {
  const { url } = system;
  const loginLink = system.loginLink();
  const text = [
    `Ironbark ${version} is ready at ${url}`,
    `Open in a browser (works once, within 10 minutes): ${loginLink}`,
    `Home folder: ${settings.home} · stop with Ctrl+C or: ironbark stop`,
  ].join('\n');
  print(
    terminal.stdout,
    settings.json ? JSON.stringify({ url, loginLink, pid: process.pid, version }) : text,
  );
}

function alreadyRunning(home: string, { url, pid }: Running): IronbarkError {
  return new IronbarkError(
    'storage',
    `The home folder ${home} is in use by the assistant at ${url} (process ${pid}).`,
    'Talk to it with: ironbark; stop it with: ironbark stop; or choose another folder with --home.',
  );
}
