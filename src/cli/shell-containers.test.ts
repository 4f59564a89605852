import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { describe, expect, test, vi } from 'vitest';
import { loadConfig } from '../config/index.ts';
import { createContainers } from '../containers/index.ts';
import { startDockerDaemon, WITHOUT_DOCKER } from '../containers/testing/docker-daemon.ts';
import type { Input } from '../core/assistant.ts';
import type { JournalEntry } from '../core/journal.ts';
import { ok } from '../core/result.ts';
import { FREE_AND_WIDE, type Model } from '../llm/index.ts';
import { openHome } from '../storage/index.ts';
import { startIronbark } from './start.ts';

/** A whole assistant that is set to run commands in containers. */

vi.setConfig({ testTimeout: 120_000 });
if (WITHOUT_DOCKER !== undefined) console.warn(WITHOUT_DOCKER);

const COMMAND = 'whoami';

/** Runs the command once, and then says what came back. */
function modelThatRuns(): Model {
  const usage = { inputTokens: 1, outputTokens: 1 };
  let calls = 0;
  return {
    ...FREE_AND_WIDE,
    name: 'played',
    complete: async () => {
      const toolCalls =
        calls++ === 0 ? [{ callId: 'a', tool: 'shell', arguments: { command: COMMAND } }] : [];
      return ok({ text: 'Done.', toolCalls, usage, model: 'played' });
    },
  };
}

async function askTo(socket: string) {
  const path = mkdtempSync(join(tmpdir(), 'ib-whole-shell-'));
  const env = {
    IRONBARK_SECRETS_KEYCHAIN: 'false',
    IRONBARK_SANDBOX_ENABLED: 'true',
    IRONBARK_SANDBOX_DOCKER_SOCKET: socket,
  };
  const running = await startIronbark({
    config: loadConfig({ home: path, env }),
    home: openHome(path),
    version: 'test',
    log: pino({ level: 'silent' }),
    env,
    model: modelThatRuns(),
    gateway: false,
  });
  const ended = Promise.withResolvers<JournalEntry>();
  const say = (input: Input, externalId: string) =>
    running.assistant.accept({ channel: 'web', externalId, conversationId: 'talk', input });
  running.assistant.watch('talk', (event) => {
    if (event.type !== 'entry') return;
    const { entry } = event;
    if (entry.type === 'approval.requested')
      void say({ type: 'approval', approvalId: entry.approvalId, decision: 'once', reason: null }, 'b');
    if (entry.type === 'tool.completed') ended.resolve(entry);
    if (entry.type === 'turn.replied') ended.reject(new Error('The turn ended without the command.'));
  });
  await say({ type: 'message', text: 'Who are you there?', mode: 'queue' }, 'a');
  const entry = await ended.promise;
  return {
    home: path,
    result: JSON.stringify(entry),
    async [Symbol.asyncDispose]() {
      await running.stop();
      rmSync(path, { recursive: true, force: true });
    },
  };
}

test('without a daemon the command is not run, on this machine least of all', async () => {
  await using asked = await askTo(join(tmpdir(), 'no-docker.sock'));
  expect(asked.result).toContain('could not be started: Docker');
});

describe.skipIf(WITHOUT_DOCKER !== undefined)('with a daemon', () => {
  test('the command runs in a container, which is gone when the assistant has stopped', async () => {
    await using daemon = await startDockerDaemon();
    const asked = await askTo(daemon.socketPath);
    expect(asked.result).toContain('ironbark\\n[exit code 0');
    const containers = createContainers({ home: asked.home, socketPath: daemon.socketPath });
    expect(await containers.mine()).toHaveLength(1);
    await asked[Symbol.asyncDispose]();
    expect(await containers.mine()).toEqual([]);
  });
});
