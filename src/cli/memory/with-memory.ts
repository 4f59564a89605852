import type { MemoryDesk } from '../../core/memory.ts';
import type { Context, Settings } from '../context.ts';
import { withRunning } from '../reach.ts';
import { readConfig } from '../settings.ts';

/** Does something with the memory of the running assistant, or else with that of the home folder itself. */
export async function withMemory<T>(
  settings: Settings,
  context: Context,
  work: (memory: MemoryDesk) => Promise<T>,
): Promise<T> {
  const { access, terminal } = context;
  if (await access.findRunning(settings.home)) {
    return withRunning(settings, context, (client) => work(client.memory));
  }
  const config = await readConfig(settings, terminal);
  const opened = await access.openMemory({ home: settings.home, config, env: terminal.env });
  try {
    return await work(opened.memory);
  } finally {
    await opened.close();
  }
}
