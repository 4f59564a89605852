import { pino } from 'pino';
import { startIronbark } from '../../src/cli/start.ts';
import { loadConfig } from '../../src/config/index.ts';
import { acquireHomeLock, openHome } from '../../src/storage/index.ts';
import { countTool } from './count-tool.ts';

/**
 * The assistant that is killed: a real one, with one more tool. `count` leaves a line in a file outside of the
 * database each time it really runs, so that what happened can be compared with what the journal says.
 *
 * Usage: node assistant.ts HOME PORT MODEL_URL EFFECTS_FILE
 */
const [path = '', port = '', modelUrl = '', effects = ''] = process.argv.slice(2);

const home = await openHome(path);
const lock = await acquireHomeLock(path, () => ({ url: null }));
if (!lock.held) throw new Error('the home is held by somebody else');
await startIronbark({
  home,
  config: loadConfig({
    home: path,
    env: {},
    overrides: [
      { setting: 'gateway.port', value: Number(port), flag: 'test' },
      { setting: 'llm.provider', value: 'openai-compatible', flag: 'test' },
      { setting: 'llm.base_url', value: modelUrl, flag: 'test' },
    ],
  }),
  version: 'test',
  log: pino({ level: 'silent' }),
  env: {},
  extraTools: [countTool(effects)],
});
console.log('ready');
