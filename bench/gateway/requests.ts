import { Agent, get } from 'node:http';
import type { RunningAssistant } from '../assistant.ts';
import { type Load, runLoad } from '../load.ts';

/** So many requests for an address over so many connections that are kept open, each one after the other. */
export async function requestAgain(
  { url, token }: Pick<RunningAssistant, 'url' | 'token'>,
  path: string,
  { connections, times }: { readonly connections: number; readonly times: number },
): Promise<Load> {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  const headers = { authorization: `Bearer ${token}` };
  const load = await runLoad(connections, times, async () => {
    const startedAt = performance.now();
    await requestOnce(new URL(path, url), agent, headers);
    return performance.now() - startedAt;
  });
  agent.destroy();
  return load;
}

function requestOnce(url: URL, agent: Agent, headers: Readonly<Record<string, string>>): Promise<void> {
  return new Promise((resolve, reject) => {
    const asked = get(url, { agent, headers }, (response) => {
      response.resume();
      response.once('end', () => {
        if (response.statusCode === 200) resolve();
        else reject(new Error(`${url.pathname} answered ${response.statusCode}`));
      });
    });
    asked.on('error', reject);
  });
}
