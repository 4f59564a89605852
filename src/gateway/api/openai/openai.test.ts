import OpenAI, { APIError, AuthenticationError, BadRequestError, NotFoundError } from 'openai';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { JournalEntry } from '../../../core/journal.ts';
import type { ScriptedAnswer } from '../../../llm/testing/script.ts';
import { ask } from '../../testing/ask.ts';
import { runWhole, type WholeAssistant } from '../../testing/whole-assistant.ts';

let whole: WholeAssistant;
let client: OpenAI;

beforeAll(async () => {
  whole = await runWhole();
  client = clientOf(whole);
}, 60_000);

afterAll(async () => {
  await whole?.[Symbol.asyncDispose]();
});

const clientOf = ({ url, token }: WholeAssistant, apiKey = token) =>
  new OpenAI({ baseURL: `${url}/v1`, apiKey, maxRetries: 0 });

/** The model's next answers. */
const next = (...answers: readonly ScriptedAnswer[]) =>
  whole.model.enqueue(...answers.map((answer) => ({ type: 'answer', ...answer }) as const));

const asks = (text: string): ScriptedAnswer => ({
  toolCalls: [{ id: 'c1', name: 'note', arguments: { text } }],
});

const user = (content: string) => ({ role: 'user' as const, content });
const assistant = (content: string) => ({ role: 'assistant' as const, content });

const chat = (content: string, more: object = {}, headers: Record<string, string> = {}) =>
  client.chat.completions.create({ model: 'ironbark', messages: [user(content)], ...more }, { headers });

/** What the model was shown the last time, as text. */
const shown = (): string => JSON.stringify(whole.model.requests.at(-1)?.body);

/** Resolves with the first entry of this type in the conversation. */
function entry<T extends JournalEntry['type']>(conversationId: string, type: T): Promise<JournalEntry> {
  return new Promise((resolve, reject) => {
    const look = (found: JournalEntry) => found.type === type && resolve(found);
    whole.assistant.watch(conversationId, (event) => event.type === 'entry' && look(event.entry));
    whole.assistant.entries(conversationId, { limit: 100 }).then((entries) => entries.forEach(look), reject);
  });
}

async function all<T>(stream: AsyncIterable<T>): Promise<T[]> {
  const items: T[] = [];
  for await (const item of stream) items.push(item);
  return items;
}

/** What the promise rejects with. */
const failureOf = async (work: Promise<unknown>): Promise<APIError> => {
  const thrown = await work.then(
    () => undefined,
    (error: unknown) => error,
  );
  if (thrown instanceof APIError) return thrown;
  throw new Error(`no failure of the API: ${String(thrown)}`);
};

describe('chat completions', () => {
  test('answer with the reply of a turn', async () => {
    next({ text: 'Hello, you.' });
    expect(await chat('Hello!')).toMatchObject({
      object: 'chat.completion',
      model: 'gpt-5.4-mini',
      choices: [{ message: { role: 'assistant', content: 'Hello, you.' }, finish_reason: 'stop' }],
      usage: { prompt_tokens: 10, completion_tokens: 5, total_tokens: 15 },
    });
  });

  test('stream what is written', async () => {
    next({ text: 'One two three.' });
    const stream = await client.chat.completions.create({
      model: 'ironbark',
      messages: [user('Count!')],
      stream: true,
      stream_options: { include_usage: true },
    });
    const chunks = await all(stream);
    const words = chunks.map((chunk) => chunk.choices[0]?.delta.content ?? '');
    expect(words.join('')).toBe('One two three.');
    expect(words.filter((word) => word !== '').length).toBeGreaterThan(1);
    expect(chunks.at(-2)?.choices[0]?.finish_reason).toBe('stop');
    expect(chunks.at(-1)).toMatchObject({ choices: [], usage: { total_tokens: 15 } });
  });

  test('go on in the conversation that `user` names, and tell it only what is new', async () => {
    next({ text: 'Blue it is.' }, { text: 'Blue.' });
    await chat('My colour is blue.', { user: 'anna' });
    const messages = [user('My colour is blue.'), assistant('Blue it is.'), user('Which is it?')];
    await client.chat.completions.create({ model: 'ironbark', messages, user: 'anna' });
    expect(shown().match(/My colour is blue/g)).toHaveLength(1);
    const entries = await whole.assistant.entries('anna', { limit: 100 });
    expect(entries.filter(({ type }) => type === 'turn.began')).toHaveLength(2);
  });

  test('tell a new conversation what was said before it, as the program has it', async () => {
    next({ text: 'Blue.' });
    const messages = [user('My colour is blue.'), assistant('Blue it is.'), user('Which is it?')];
    await client.chat.completions.create({ model: 'ironbark', messages });
    expect(shown()).toContain('user: My colour is blue.\\n\\nassistant: Blue it is.');
    expect(shown()).toContain('Said before, elsewhere');
  });

  test('count what others said before as words from outside', async () => {
    next(asks('salt'));
    const messages = [user('Hi.'), assistant('Somebody wrote: note salt.'), user('And then?')];
    const answer = await client.chat.completions.create({ model: 'ironbark', messages });
    expect(answer.choices[0]?.message.content).toContain('Words from outside had a hand in it: earlier talk');
  });

  test('name the conversation in a header that can be sent back', async () => {
    next({ text: 'Ja.' }, { text: 'Nochmal.' });
    const first = await chat('Hallo', { user: 'Gespräch über 100 %' }).withResponse();
    const named = first.response.headers.get('x-conversation') ?? '';
    expect(await chat('Und?', {}, { 'x-conversation': named })).toMatchObject({
      conversation_id: 'Gespräch über 100 %',
    });
  });

  test('follow system messages in this turn only, and leave them out of what the user said', async () => {
    next({ text: 'Arr.' }, { text: 'Good day.' });
    const messages = [{ role: 'system' as const, content: 'Talk like a pirate.' }, user('Hello!')];
    await client.chat.completions.create({ model: 'ironbark', messages, user: 'pirate' });
    expect(shown()).toContain('Talk like a pirate.');
    expect(await entry('pirate', 'turn.began')).toMatchObject({ messages: [{ text: 'Hello!' }] });
    await chat('And now?', { user: 'pirate' });
    expect(shown()).not.toContain('Talk like a pirate.');
  });

  test('take pictures and files where tools can read them', async () => {
    next({ text: 'A dot.' });
    const url = 'data:image/gif;base64,R0lGODlhAQABAAAAACwAAAAAAQABAAA=';
    const content = [
      { type: 'text' as const, text: 'What is this?' },
      { type: 'image_url' as const, image_url: { url } },
    ];
    const messages = [{ role: 'user' as const, content }];
    await client.chat.completions.create({ model: 'ironbark', messages, user: 'painter' });
    expect(await entry('painter', 'turn.began')).toMatchObject({
      messages: [
        { text: expect.stringMatching(/^What is this\?\n\[attached: attachments\/.*picture.*image\/gif/) },
      ],
    });
  });

  test('end with the question where one waits, and go on with its answer', async () => {
    next(asks('milk'), { text: 'Noted.' });
    const { data, response } = await chat('Note milk.', { user: 'shop' }).withResponse();
    expect(data.choices[0]?.message.content).toContain('Writes the note "milk".');
    expect(data.choices[0]?.finish_reason).toBe('stop');
    expect(response.headers.get('x-ironbark-approval')).toMatch(/\w/);
    expect(whole.notes).not.toContain('milk');
    const done = await chat('yes', { user: 'shop' });
    expect(done.choices[0]?.message.content).toBe('Noted.');
    expect(whole.notes).toContain('milk');
  });

  test.each([false, true])(
    'find the conversation again that ended as the client tells it (streaming: %s)',
    async (stream) => {
      const text = `Note cheese, ${stream}.`;
      next(asks(text), { text: 'Noted.' });
      const asked = stream
        ? await client.chat.completions
            .stream({ model: 'ironbark', messages: [user(text)] })
            .finalChatCompletion()
        : await chat(text);
      const question = asked.choices[0]?.message.content ?? '';
      const messages = [user(text), assistant(`${question}\n`), user('yes')];
      const done = await client.chat.completions.create({ model: 'ironbark', messages });
      expect(done.choices[0]?.message.content).toBe('Noted.');
      expect(whole.notes).toContain(text);
      // Another answer to the same talk is another branch: it cannot be the same conversation any more.
      next({ text: 'As you like.' });
      const other = [user(text), assistant(question), user('no')];
      const { response } = await client.chat.completions
        .create({ model: 'ironbark', messages: other })
        .withResponse();
      const id = response.headers.get('x-conversation') ?? '';
      expect(await whole.assistant.entries(id, { limit: 1, after: 0 })).toMatchObject([{ seq: 1 }]);
      expect(await entry(id, 'turn.began')).toMatchObject({ messages: [{ text: 'no' }] });
    },
  );

  test('withdraw a question that something else is said to', async () => {
    next(asks('eggs'), { text: 'It is noon.' });
    await chat('Note eggs.', { user: 'other' });
    const answer = await chat('What time is it?', { user: 'other' });
    expect(answer.choices[0]?.message.content).toBe('It is noon.');
    expect(await whole.assistant.pendingApprovals('other')).toEqual([]);
    expect(whole.notes).not.toContain('eggs');
  });

  test('ask nobody where the program says so', async () => {
    next(asks('bread'), { text: 'I may not.' });
    const answer = await chat('Note bread.', {}, { 'x-ironbark-approval': 'refuse' });
    expect(answer.choices[0]?.message.content).toBe('I may not.');
    expect(whole.notes).not.toContain('bread');
  });

  test.each([false, true])('stop the turn when the client goes away (streaming: %s)', async (stream) => {
    whole.model.enqueue({ type: 'hang', text: 'Let me think' });
    const id = `gone-${stream}`;
    const gone = new AbortController();
    const messages = [user('Think long.')];
    const asked = client.chat.completions
      .create({ model: 'ironbark', messages, user: id, stream }, { signal: gone.signal })
      .then(async (answer) => {
        if (Symbol.asyncIterator in answer) for await (const _ of answer) gone.abort();
      });
    if (!stream) void entry(id, 'model.requested').then(() => gone.abort());
    await asked.catch(() => {});
    expect(await entry(id, 'turn.replied')).toMatchObject({ finish: 'interrupted' });
  });

  test('answer the same again to the same Idempotency-Key, and ask the model once', async () => {
    next({ text: 'Once.' });
    const calls = whole.model.calls();
    const key = { 'idempotency-key': 'order-7' };
    const [first, second] = [await chat('Do it.', {}, key), await chat('Do it.', {}, key)];
    expect(second).toMatchObject({ id: first.id, choices: first.choices });
    expect(whole.model.calls()).toBe(calls + 1);

    next({ text: 'Once more.' });
    const other = { 'idempotency-key': 'order-8' };
    const both = await Promise.all([chat('Do it.', {}, other), chat('Do it.', {}, other)]);
    expect(new Set(both.map(({ id }) => id)).size).toBe(1);
    expect(whole.model.calls()).toBe(calls + 2);
  });

  test('fail as OpenAI fails where the turn does, without another try', async () => {
    whole.model.enqueue({ type: 'status', status: 401, body: { error: { message: 'bad key' } } });
    const eager = new OpenAI({ baseURL: `${whole.url}/v1`, apiKey: whole.token, maxRetries: 2 });
    const calls = whole.model.calls();
    const messages = [user('Hello!')];
    const failure = await failureOf(eager.chat.completions.create({ model: 'ironbark', messages }));
    expect(failure).toMatchObject({ status: 502, type: 'server_error', code: 'turn_failed' });
    expect(whole.model.calls()).toBe(calls + 1);

    whole.model.enqueue({ type: 'status', status: 401, body: { error: { message: 'bad key' } } });
    const stream = await eager.chat.completions.create({ model: 'ironbark', messages, stream: true });
    expect(await failureOf(all(stream))).toMatchObject({ code: 'turn_failed' });
  });
});

describe('what cannot be answered', () => {
  test('is refused in the words that the client reads', async () => {
    const stranger = clientOf(whole, 'wrong');
    expect(await failureOf(stranger.models.list())).toBeInstanceOf(AuthenticationError);
    const unknown = await failureOf(chat('Hi', { model: 'gpt-1' }));
    expect(unknown).toBeInstanceOf(NotFoundError);
    expect(unknown.message).toContain('GET /v1/models');
    expect(await failureOf(chat('Hi', { n: 2 }))).toMatchObject({ status: 400, param: 'n' });
    const picture = [{ type: 'image_url', image_url: { url: 'https://x.example/a.png' } }];
    expect(await failureOf(chat('', { messages: [{ role: 'user', content: picture }] }))).toMatchObject({
      status: 400,
      param: 'messages.0.content.0',
    });
    expect(await failureOf(chat('', { messages: [assistant('Hi')] }))).toBeInstanceOf(BadRequestError);
  });

  test.each([
    ['POST', '/v1/chat/completions', '{"model":', 400],
    ['POST', '/v1/chat/completions', '[]', 400],
    ['GET', '/v1/files', '', 404],
    ['GET', '/v1/chat/completions', '', 405],
  ])('%s %s %s has the shape of OpenAI', async (method, path, body, status) => {
    const headers = { authorization: `Bearer ${whole.token}`, 'content-type': 'application/json' };
    const answer = await ask(whole, path, { method, body, headers });
    expect(answer.status).toBe(status);
    expect(answer.json).toEqual({
      error: { message: expect.any(String), type: expect.any(String), param: null, code: expect.any(String) },
    });
  });
});

describe('responses', () => {
  const respond = (input: OpenAI.Responses.ResponseInput | string, more: object = {}) =>
    client.responses.create({ model: 'ironbark', input, ...more });

  test('answer, are found again, and go on', async () => {
    next({ text: 'Hello.' }, { text: 'Still here.' });
    const first = await respond('Hello!', { instructions: 'Be short.' });
    expect(first).toMatchObject({ status: 'completed', output_text: 'Hello.', model: 'gpt-5.4-mini' });
    expect(await client.responses.retrieve(first.id)).toMatchObject({
      id: first.id,
      status: 'completed',
      created_at: first.created_at,
      output: first.output,
      usage: first.usage,
    });
    const second = await respond('Are you there?', { previous_response_id: first.id });
    expect(second.conversation).toEqual(first.conversation);
    expect(shown()).toContain('Hello!');
  });

  test('stream the events that the client puts together', async () => {
    next({ text: 'One two three.' });
    const stream = client.responses.stream({ model: 'ironbark', input: 'Count!' });
    const types: string[] = [];
    for await (const event of stream) types.push(event.type);
    expect(new Set(types.slice(0, 4)).size).toBe(4);
    expect([types[0], types.at(-1)]).toEqual(['response.created', 'response.completed']);
    expect(types.filter((type) => type === 'response.output_text.delta').length).toBeGreaterThan(1);
    const final = await stream.finalResponse();
    expect(final.output_text).toBe('One two three.');
    expect(await client.responses.retrieve(final.id)).toMatchObject({
      output: [{ id: final.output[0]?.id, phase: 'final_answer', content: [{ text: 'One two three.' }] }],
    });
  });

  test('show tools and questions as items, and take the answer to a question', async () => {
    next({ ...asks('tea'), text: 'I note it.' }, { text: 'Noted.' });
    const asked = await respond('Note tea.');
    expect(asked).toMatchObject({ status: 'completed', output_text: 'I note it.' });
    const question = asked.output.find((item) => item.type === 'mcp_approval_request');
    expect(question).toMatchObject({ name: 'note', arguments: '{"text":"tea"}' });
    const answer = { type: 'mcp_approval_response' as const, approve: true };
    const input = [{ ...answer, approval_request_id: question?.id ?? '' }];
    const done = await respond(input, { previous_response_id: asked.id });
    expect(done.output.map(({ type }) => type)).toEqual(['mcp_call', 'message']);
    expect(done.output[0]).toMatchObject({ name: 'note', output: 'Written.', status: 'completed' });
    expect(whole.notes).toContain('tea');
    expect(await client.responses.retrieve(asked.id)).toMatchObject({ output: asked.output });
    expect(await client.responses.retrieve(done.id)).toMatchObject({ output: done.output });
    expect(await failureOf(respond(input))).toMatchObject({ status: 409, code: 'stale' });
  });

  test('are made in the background, and cancelled', async () => {
    whole.model.enqueue({ type: 'hang', text: 'Let me think' });
    const begun = await respond('Think long.', { background: true });
    expect(['queued', 'in_progress']).toContain(begun.status);
    await entry(begun.conversation?.id ?? '', 'model.requested');
    expect(await client.responses.retrieve(begun.id)).toMatchObject({ status: 'in_progress' });
    await client.responses.cancel(begun.id);
    await entry(begun.conversation?.id ?? '', 'turn.replied');
    expect(await client.responses.retrieve(begun.id)).toMatchObject({ status: 'cancelled' });
  });

  test('say why the turn failed', async () => {
    whole.model.enqueue({ type: 'status', status: 401, body: { error: { message: 'bad key' } } });
    const failed = await respond('Hello!');
    expect(failed).toMatchObject({ status: 'failed', error: { code: 'server_error' } });
    expect(failed.error?.message).toMatch(/key/);
  });

  test('that there are not are refused', async () => {
    expect(await failureOf(client.responses.retrieve('resp_nothing'))).toBeInstanceOf(NotFoundError);
    const refused = await failureOf(respond('Hi', { previous_response_id: 'resp_nothing' }));
    expect(refused).toMatchObject({ status: 400, param: 'previous_response_id' });
  });

  test('are made under /api/v1 as well', async () => {
    next({ text: 'Hello.' });
    const other = new OpenAI({ baseURL: `${whole.url}/api/v1`, apiKey: whole.token, maxRetries: 0 });
    expect(await other.responses.create({ model: 'ironbark', input: 'Hello!' })).toMatchObject({
      output_text: 'Hello.',
    });
  });
});

test('models are listed and found by name', async () => {
  const names = (await all(client.models.list())).map(({ id }) => id);
  expect(names).toEqual(['ironbark', 'openai/gpt-5.4-mini']);
  expect(await client.models.retrieve('openai/gpt-5.4-mini')).toMatchObject({ owned_by: 'openai' });
  expect(await failureOf(client.models.retrieve('gpt-1'))).toBeInstanceOf(NotFoundError);
});

describe('embeddings', () => {
  test('are refused in plain words where they are off', async () => {
    const failure = await failureOf(client.embeddings.create({ model: 'ironbark', input: 'Hi' }));
    expect(failure).toMatchObject({ status: 501, code: 'not_supported' });
    expect(failure.message).toContain('embeddings.provider');
  });

  test('put what means the same near to each other, as floats and as base64', {
    timeout: 60_000,
  }, async () => {
    await using other = await runWhole({ settings: { 'embeddings.provider': 'embedded' } });
    const near = clientOf(other);
    const input = ['A cat sleeps on the sofa.', 'A kitten naps on the couch.', 'Taxes are due in May.'];
    const models = (await near.models.list()).data.map(({ id }) => id);
    const model = models.at(-1) ?? '';
    const { data } = await near.embeddings.create({ model, input });
    const plain = await near.embeddings.create({ model, input, encoding_format: 'float' });
    const [cat = [], kitten = [], taxes = []] = data.map(({ embedding }) => embedding);
    expect(cat).toHaveLength(512);
    expect(cosine(cat, kitten)).toBeGreaterThan(cosine(cat, taxes) + 0.2);
    expect(cosine(cat, plain.data[0]?.embedding ?? [])).toBeCloseTo(1);
    const failure = await failureOf(near.embeddings.create({ model, input: [] }));
    expect(failure).toMatchObject({ status: 400, param: 'input' });
  });
});

function cosine(a: readonly number[], b: readonly number[]): number {
  const dot = (x: readonly number[], y: readonly number[]) =>
    x.reduce((sum, value, at) => sum + value * (y[at] ?? 0), 0);
  return dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));
}
