import { join } from 'node:path';
import { expect, test } from 'vitest';
import { loadConfig } from '../../config/index.ts';
import { temporaryFolder } from '../../storage/testing/temporary-folder.ts';
import { systemAccess } from '../access.ts';

test('memory of a home that no assistant runs on is kept there, and looked through for secrets', {
  timeout: 60_000,
}, async () => {
  const home = join(temporaryFolder(), 'home');
  const env = { IRONBARK_SECRET_WIFI: 'correct-horse-battery', OPENAI_API_KEY: 'model-key-of-mine' };
  const config = await loadConfig({ home, env, overrides: [] });
  const first = await systemAccess.openMemory({ home, config, env });
  await expect(systemAccess.openMemory({ home, config, env })).rejects.toMatchObject({ kind: 'storage' });
  const text = 'The key is model-key-of-mine.';
  expect(await first.memory.write({ path: 'a.md', text, append: false })).toMatchObject({
    outcome: 'written',
    removed: expect.any(String),
  });
  await first.close();
  const second = await systemAccess.openMemory({ home, config, env });
  expect((await second.memory.read('a.md'))?.content).toMatch(/^The key is \[REDACTED:/);
  await second.close();
});
