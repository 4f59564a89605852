// Plays a program that speaks the Agent Client Protocol, with the protocol's own library.
import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable, Writable } from 'node:stream';
import { agent, methods, ndJsonStream, PROTOCOL_VERSION } from '@agentclientprotocol/sdk';

const note = (entry) => appendFileSync(join(process.env.HOME, 'agent.jsonl'), `${JSON.stringify(entry)}\n`);
note({ env: process.env, cwd: process.cwd() });

agent({ name: 'played' })
  .onRequest(methods.agent.initialize, () => ({
    protocolVersion: PROTOCOL_VERSION,
    agentCapabilities: { loadSession: true },
  }))
  .onRequest(methods.agent.session.new, ({ params }) => {
    note({ new: params.cwd });
    return { sessionId: 'acp-1' };
  })
  .onRequest(methods.agent.session.load, async ({ params, client }) => {
    note({ load: params.sessionId });
    await client.notify(methods.client.session.update, {
      sessionId: params.sessionId,
      update: { sessionUpdate: 'agent_message_chunk', content: { type: 'text', text: 'said long ago' } },
    });
    return {};
  })
  .onRequest(methods.agent.session.prompt, async ({ params, client }) => {
    const words = params.prompt.map((block) => block.text).join('');
    note({ prompt: words });
    const { sessionId } = params;
    const update = (update) => client.notify(methods.client.session.update, { sessionId, update });
    const text = (text) => ({ content: { type: 'text', text } });
    if (words.includes('crash')) process.exit(3);
    await update({ sessionUpdate: 'agent_thought_chunk', ...text('Let me ') });
    await update({ sessionUpdate: 'agent_thought_chunk', ...text('see.') });
    await update({
      sessionUpdate: 'plan',
      entries: [{ content: 'Look', status: 'in_progress', priority: 'high' }],
    });
    const toolCall = { toolCallId: 't1', title: 'List files' };
    await update({ sessionUpdate: 'tool_call', ...toolCall, status: 'pending', rawInput: { path: '.' } });
    const { outcome } = await client.request(methods.client.session.requestPermission, {
      sessionId,
      toolCall,
      options: [
        { optionId: 'no', name: 'No', kind: 'reject_once' },
        { optionId: 'yes', name: 'Yes', kind: 'allow_once' },
      ],
    });
    note({ outcome });
    await update({
      sessionUpdate: 'tool_call_update',
      toolCallId: 't1',
      status: 'completed',
      content: [{ type: 'content', ...text('a.txt') }],
    });
    if (words.includes('hang')) await new Promise(() => {});
    await update({ sessionUpdate: 'agent_message_chunk', ...text('did: ') });
    await update({ sessionUpdate: 'agent_message_chunk', ...text(words) });
    return { stopReason: words.includes('limit') ? 'max_turn_requests' : 'end_turn' };
  })
  .connect(ndJsonStream(Writable.toWeb(process.stdout), Readable.toWeb(process.stdin)));
