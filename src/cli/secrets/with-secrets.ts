import type { SecretsDesk } from '../../core/secrets.ts';
import type { Context, Settings } from '../context.ts';
import { withRunning } from '../reach.ts';
import { readConfig } from '../settings.ts';

/** Does something with the secrets of the running assistant, or else with those of the home folder itself. */
export async function withSecrets<T>(
  settings: Settings,
  context: Context,
  work: (secrets: SecretsDesk) => Promise<T>,
): Promise<T> {
  const { access, terminal } = context;
  if (await access.findRunning(settings.home)) {
    return withRunning(settings, context, (client) => work(client.secrets));
  }
  const config = await readConfig(settings, terminal);
  const opened = await access.openSecrets({ home: settings.home, config, env: terminal.env });
  try {
    return await work(opened.secrets);
  } finally {
    await opened.close();
  }
}
