import { readFile } from 'node:fs/promises';
import { pino } from 'pino';
import { startIronbark } from '../../src/cli/start.ts';
import { loadConfig } from '../../src/config/index.ts';
import { openHome } from '../../src/storage/index.ts';
import { manyTools } from './many-tools.ts';

/**
 * The program of `startAgentProcess`: a whole assistant that has so many tools more than the built-in ones. Runs
 * until its parent lets go of it.
 */
const [path = '', tools = '0'] = process.argv.slice(2);
const env = { ...process.env, IRONBARK_GATEWAY_PORT: '0' };
const home = openHome(path);
const running = await startIronbark({
  config: loadConfig({ home: path, env }),
  home,
  version: 'bench',
  log: pino({ level: 'silent' }),
  env,
  extraTools: manyTools(Number(tools)),
});
process.once('disconnect', () => void running.stop().then(() => process.exit(0)));
process.send?.({ url: running.url(), token: (await readFile(home.tokenFile, 'utf8')).trim() });
