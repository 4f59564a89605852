import { mkdir, mkdtemp, readdir, readFile, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { ask, askAsOwner } from '../../testing/ask.ts';
import { type RunningGateway, runGateway } from '../../testing/running-gateway.ts';

const post = (running: RunningGateway, path: string, body: unknown) =>
  askAsOwner(running, path, { method: 'POST', body });
const send = (running: RunningGateway, body: object) => post(running, '/api/chat/send', body);
const history = (running: RunningGateway, query: string) =>
  askAsOwner(running, `/api/chat/history?thread_id=a${query}`);

const DAY = '2030-01-01';
const PNG = Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex');

describe('POST /api/chat/send', () => {
  test('takes a message in, into the thread that is named', async () => {
    await using running = await runGateway();
    const answer = await send(running, { content: 'Hello', thread_id: 'a', message_id: 'm1', mode: 'steer' });
    expect(answer.status).toBe(202);
    expect(answer.json).toEqual({
      message_id: 'm1',
      status: 'accepted',
      thread_id: 'a',
      duplicate: false,
      attachments: [],
    });
    expect(running.assistant.inbox).toEqual([
      {
        channel: 'web',
        externalId: 'message/a/m1',
        conversationId: 'a',
        input: { type: 'message', text: 'Hello', mode: 'steer' },
      },
    ]);
  });

  test('the same message id again is the same message, also over WebSocket', async () => {
    await using running = await runGateway();
    await send(running, { content: 'Hello', thread_id: 'a', message_id: 'm1' });
    const again = await send(running, { content: 'Hello', thread_id: 'a', message_id: 'm1' });
    expect(again.json).toMatchObject({ duplicate: true });
    const client = await running.connect();
    expect((await client.send('a', 'Hello', { messageId: 'm1' })).duplicate).toBe(true);
    expect(running.assistant.inbox).toHaveLength(1);
  });

  test('begins a thread where none is named', async () => {
    await using running = await runGateway();
    const { json } = await send(running, { content: 'Hello' });
    const [inbound] = running.assistant.inbox;
    expect(json).toMatchObject({ thread_id: inbound?.conversationId });
  });

  test.each([
    [{}, 400, 'content', 'is missing'],
    [{ content: 7 }, 400, 'content', 'must be string'],
    [{ content: '  ' }, 400, 'content', 'is empty'],
    [{ content: 'x', thread_id: 'a\nb' }, 400, 'thread_id', 'control characters'],
    [{ content: 'x', mode: 'now' }, 400, 'mode', 'Invalid option'],
    [
      { content: 'x', attachments: [{ mime_type: 'image/png' }] },
      400,
      'attachments.0.data_base64',
      'is missing',
    ],
    [
      { content: 'x', attachments: [{ mime_type: 'image/png', data_base64: '%%%%' }] },
      400,
      'attachments.0.data_base64',
      'is not base64',
    ],
  ])('says what is wrong with %j', async (body, status, field, reason) => {
    await using running = await runGateway();
    const answer = await send(running, body);
    expect(answer).toMatchObject({
      status,
      json: { error: { code: 'invalid', field, message: expect.stringContaining(reason) } },
    });
    expect(running.assistant.inbox).toEqual([]);
  });

  test('refuses what is no JSON, no object or too large', async () => {
    await using running = await runGateway();
    const raw = (body: string, type: string) =>
      askAsOwner(running, '/api/chat/send', { method: 'POST', body, headers: { 'content-type': type } });
    expect(await raw('{"content"', 'application/json')).toMatchObject({
      status: 400,
      json: { error: { code: 'bad-request' } },
    });
    expect(await raw('[]', 'application/json')).toMatchObject({
      status: 400,
      json: { error: { code: 'invalid' } },
    });
    expect(await raw('', 'application/json')).toMatchObject({
      status: 400,
      json: { error: { code: 'invalid' } },
    });
    expect(await raw('content=x', 'application/x-www-form-urlencoded')).toMatchObject({
      status: 415,
      json: { error: { code: 'unsupported-media-type' } },
    });
    expect(await raw('{"__proto__": {"content": "x"}}', 'application/json')).toMatchObject({ status: 400 });
    const long = await send(running, { content: 'x'.repeat(1024 * 1024 + 1) });
    expect(long).toMatchObject({ status: 413, json: { error: { code: 'too-large' } } });
    const huge = await send(running, { content: 'x'.repeat(15 * 1024 * 1024) });
    expect(huge).toMatchObject({ status: 413, json: { error: { code: 'too-large' } } });
    expect(running.assistant.inbox).toEqual([]);
  });

  test('says so when it cannot be stored, and does not say what broke', async () => {
    await using running = await runGateway();
    running.assistant.break(new Error('disk secrets'));
    const answer = await send(running, { content: 'Hello' });
    expect(answer).toMatchObject({ status: 500, json: { error: { code: 'internal' } } });
    expect(answer.body).not.toContain('disk');
  });

  test('takes so many in a minute and says when to come back', async () => {
    await using running = await runGateway({ limits: { chatPerMinute: 3 } });
    for (let count = 0; count < 3; count++) expect((await send(running, { content: 'x' })).status).toBe(202);
    const refused = await send(running, { content: 'x' });
    expect(refused).toMatchObject({ status: 429, json: { error: { code: 'too-many-requests' } } });
    expect(refused.headers['retry-after']).toBe('20');
    running.advance(20_000);
    expect((await send(running, { content: 'x' })).status).toBe(202);
    expect((await send(running, { content: 'x' })).status).toBe(429);
  });

  test('is for those who are logged in', async () => {
    await using running = await runGateway();
    const answer = await ask(running, '/api/chat/send', { method: 'POST', body: { content: 'x' } });
    expect(answer).toMatchObject({ status: 401, json: { error: { code: 'unauthorized' } } });
  });
});

describe('attachments', () => {
  test('are stored where tools can read them, and named in the message', async () => {
    await using running = await runGateway();
    const file = { mime_type: 'text/plain', filename: '../../etc/pass\nwd.txt', data_base64: 'SGVsbG8=' };
    const { json } = await send(running, {
      content: 'Look',
      attachments: [file, file],
      images: [{ media_type: 'image/jpeg', data: `data:image/jpeg;base64,${PNG.toString('base64')}` }],
    });
    const folder = `attachments/${DAY}`;
    expect(json).toMatchObject({
      attachments: [`${folder}/pass_wd.txt`, `${folder}/pass_wd-2.txt`, `${folder}/image.png`],
    });
    const [inbound] = running.assistant.inbox;
    expect(inbound?.input).toMatchObject({
      text: [
        'Look',
        `[attached: ${folder}/pass_wd.txt, text/plain, 5 B]`,
        `[attached: ${folder}/pass_wd-2.txt, text/plain, 5 B]`,
        `[attached: ${folder}/image.png, image/png, 16 B]`,
      ].join('\n'),
    });
    expect(await readFile(join(running.filesDir, folder, 'pass_wd.txt'), 'utf8')).toBe('Hello');
    expect(await readFile(join(running.filesDir, folder, 'image.png'))).toEqual(PNG);
  });

  test('of a message that came before are not stored again', async () => {
    await using running = await runGateway();
    const message = {
      content: '',
      thread_id: 'a',
      message_id: 'm',
      attachments: [{ mime_type: 'text/plain', filename: 'a.txt', data_base64: 'SGVsbG8=' }],
    };
    await send(running, message);
    expect((await send(running, message)).json).toMatchObject({ duplicate: true, attachments: [] });
    expect(await readdir(join(running.filesDir, 'attachments', DAY))).toEqual(['a.txt']);
  });

  test('are 5 MiB each and 10 MiB together at most', async () => {
    await using running = await runGateway();
    const file = (bytes: number) => ({
      mime_type: 'text/plain',
      filename: 'a.txt',
      data_base64: Buffer.alloc(bytes, 'a').toString('base64'),
    });
    const MiB = 1024 * 1024;
    const large = await send(running, { content: 'x', attachments: [file(5 * MiB + 1)] });
    expect(large).toMatchObject({ status: 413, json: { error: { code: 'too-large' } } });
    const many = await send(running, {
      content: 'x',
      attachments: [file(4 * MiB), file(4 * MiB), file(2 * MiB + 1)],
    });
    expect(many).toMatchObject({ status: 413, json: { error: { code: 'too-large' } } });
    const most = await send(running, { content: 'x', attachments: [file(5 * MiB), file(5 * MiB)] });
    expect(most.status).toBe(202);
    expect(await readdir(join(running.filesDir, 'attachments', DAY))).toHaveLength(2);
  });

  test('do not follow a link out of the files folder', async () => {
    await using running = await runGateway();
    const outside = await mkdtemp(join(tmpdir(), 'ironbark-outside-'));
    await mkdir(running.filesDir, { recursive: true });
    await symlink(outside, join(running.filesDir, 'attachments'));
    const attachments = [{ mime_type: 'text/plain', filename: 'a.txt', data_base64: 'SGVsbG8=' }];
    const answer = await send(running, { content: 'x', attachments });
    expect(answer).toMatchObject({ status: 400, json: { error: { field: 'attachments' } } });
    expect(await readdir(outside)).toEqual([]);
  });

  test('can be handed over before the message', async () => {
    await using running = await runGateway();
    const upload = (body: Buffer | string, headers: Record<string, string>) =>
      askAsOwner(running, '/api/files', { method: 'POST', body, headers });
    const name = { 'x-filename': encodeURIComponent('Grüße an alle.png') };
    const stored = await upload(PNG, { ...name, 'content-type': 'application/octet-stream' });
    const path = `attachments/${DAY}/Grüße an alle.png`;
    expect(stored).toMatchObject({
      status: 201,
      json: { path, mime_type: 'image/png', size: 16, line: `[attached: ${path}, image/png, 16 B]` },
    });
    expect((await upload('', name)).json).toMatchObject({ error: { field: 'body' } });
    expect((await upload(PNG, { 'x-filename': '%' })).json).toMatchObject({ error: { field: 'x-filename' } });
    expect((await upload(Buffer.alloc(5 * 1024 * 1024 + 1), name)).status).toBe(413);
    expect((await upload('{}', { 'content-type': 'application/json' })).json).toMatchObject({
      path: `attachments/${DAY}/file.json`,
    });
  });
});

describe('threads', () => {
  test('are listed, found by title and by what was said, and renamed', async () => {
    await using running = await runGateway();
    await send(running, { content: 'About trees', thread_id: 'a' });
    await send(running, { content: 'wait', thread_id: 'b' });
    const { json } = await askAsOwner(running, '/api/chat/threads');
    expect(json).toMatchObject({
      assistant_thread: null,
      threads: [
        { id: 'a', title: 'About trees', state: 'idle', channel: 'web' },
        { id: 'b', title: 'wait', state: 'processing' },
      ],
    });
    const found = async (words: string) =>
      (await askAsOwner(running, `/api/chat/threads?search=${words}`)).json;
    expect(await found('TREES')).toMatchObject({ threads: [{ id: 'a' }] });
    expect(await found('said')).toMatchObject({ threads: [{ id: 'a' }] });
    expect(await found('nothing')).toMatchObject({ threads: [] });
    const rename = (id: string, body: unknown) =>
      askAsOwner(running, `/api/chat/thread/${id}`, { method: 'PATCH', body });
    expect(await rename('a', { title: ' Woods ' })).toMatchObject({ status: 200, json: { title: 'Woods' } });
    expect(await found('woods')).toMatchObject({ threads: [{ id: 'a', title: 'Woods' }] });
    expect(await rename('a', { title: ' ' })).toMatchObject({
      status: 400,
      json: { error: { field: 'title' } },
    });
    expect(await rename('c', { title: 'x' })).toMatchObject({ status: 404 });
    expect(await askAsOwner(running, '/api/chat/threads?limit=0')).toMatchObject({
      status: 400,
      json: { error: { field: 'query.limit' } },
    });
  });

  test('begin with an id', async () => {
    await using running = await runGateway();
    const made = await post(running, '/api/chat/thread/new', {});
    expect(made).toMatchObject({ status: 201, json: { id: expect.any(String) } });
  });

  test('are interrupted', async () => {
    await using running = await runGateway();
    await send(running, { content: 'wait', thread_id: 'a' });
    expect(await post(running, '/api/chat/interrupt', { thread_id: 'a' })).toMatchObject({ status: 202 });
    expect((await history(running, '')).json).toMatchObject({ turns: [{ state: 'Interrupted' }] });
    expect(await post(running, '/api/chat/interrupt', { thread_id: 'no' })).toMatchObject({ status: 404 });
  });
});

describe('GET /api/chat/history', () => {
  test('gives turns with their tool calls, and what is waited for', async () => {
    await using running = await runGateway();
    await send(running, { content: 'Hello', thread_id: 'a' });
    await send(running, { content: 'tool outside', thread_id: 'a' });
    const { json } = await history(running, '');
    expect(json).toMatchObject({
      thread_id: 'a',
      has_more: false,
      turns: [
        {
          turn_number: 1,
          user_input: 'Hello',
          response: 'You said: Hello',
          state: 'Completed',
          tool_calls: [],
        },
        { user_input: 'tool outside', response: null, state: 'AwaitingApproval' },
      ],
      pending_gate: {
        thread_id: 'a',
        tool_name: 'write_file',
        parameters: expect.stringContaining('notes.md'),
        resume_kind: { type: 'approval', allow_always: true },
        origins: ['weather (api.weather.example)', 'the file notes.txt'],
      },
      in_progress: { user_input: 'tool outside', state: 'AwaitingApproval' },
    });
  });

  test('gives a tool call its result', async () => {
    await using running = await runGateway();
    await send(running, { content: 'tool', thread_id: 'a' });
    const [question] = await running.assistant.pendingApprovals('a');
    await post(running, '/api/chat/approval', { request_id: question?.approvalId, action: 'approve' });
    const { json } = await history(running, '');
    expect(json).toMatchObject({
      turns: [
        {
          state: 'Completed',
          tool_calls: [
            {
              name: 'write_file',
              has_result: true,
              has_error: false,
              result: 'Wrote 8 bytes.',
              duration_ms: 12,
            },
          ],
        },
      ],
    });
  });

  test('goes back page by page, by number and by time', async () => {
    await using running = await runGateway();
    for (let count = 1; count <= 100; count++) {
      running.advance(2_000);
      await send(running, { content: `m${count}`, thread_id: 'a', message_id: `${count}` });
    }
    const inputs = (json: unknown) =>
      json instanceof Object && 'turns' in json && Array.isArray(json.turns)
        ? json.turns.map((turn) => turn.user_input)
        : [];
    const last = await history(running, '&limit=3');
    expect(inputs(last.json)).toEqual(['m98', 'm99', 'm100']);
    expect(last.json).toMatchObject({ has_more: true, turns: [{ turn_number: expect.any(Number) }, {}, {}] });
    const oldest =
      last.json instanceof Object && 'oldest_timestamp' in last.json ? last.json.oldest_timestamp : '';
    const byTime = await history(running, `&limit=3&before=${oldest}`);
    expect(inputs(byTime.json)).toEqual(['m95', 'm96', 'm97']);
    const byNumber = await history(running, '&limit=3&before=5');
    expect(inputs(byNumber.json)).toEqual(['m1']);
    expect(byNumber.json).toMatchObject({ has_more: false });
    expect(await history(running, '&before=yesterday')).toMatchObject({
      status: 400,
      json: { error: { field: 'query.before' } },
    });
  });

  test('leaves out what was taken back', async () => {
    await using running = await runGateway();
    await send(running, { content: 'one', thread_id: 'a' });
    await send(running, { content: 'two', thread_id: 'a' });
    const began = (await running.assistant.entries('a', { after: 0, limit: 100 })).filter(
      (entry) => entry.type === 'turn.began',
    );
    const turnIds = began.slice(-1).map(({ turnId }) => turnId);
    running.assistant.append('a', { type: 'history.changed', change: 'undo', turnIds });
    expect((await history(running, '')).json).toMatchObject({ turns: [{ user_input: 'one' }] });
    const page = await history(running, `&before=${began[1]?.seq ?? 0}`);
    expect(page.json).toMatchObject({ turns: [{ user_input: 'one' }] });
  });

  test('is empty where nothing was said yet', async () => {
    await using running = await runGateway();
    const { status, json } = await history(running, '');
    expect([status, json]).toEqual([200, { thread_id: 'a', turns: [], has_more: false }]);
    expect(await askAsOwner(running, '/api/chat/history')).toMatchObject({
      status: 400,
      json: { error: { field: 'query.thread_id' } },
    });
  });
});

describe('answers to questions', () => {
  async function asked(running: RunningGateway): Promise<string> {
    await send(running, { content: 'tool', thread_id: 'a' });
    const [question] = await running.assistant.pendingApprovals('a');
    return question?.approvalId ?? '';
  }
  const answer = (running: RunningGateway, request_id: string, action: string) =>
    post(running, '/api/chat/approval', { request_id, action });

  test('are taken, and said to be', async () => {
    await using running = await runGateway();
    const id = await asked(running);
    expect(await answer(running, id, 'always')).toMatchObject({
      status: 200,
      json: { status: 'resolved', thread_id: 'a' },
    });
    expect(await running.assistant.grants()).toHaveLength(1);
  });

  test('that come too late say what was answered and when', async () => {
    await using running = await runGateway();
    const id = await asked(running);
    await answer(running, id, 'deny');
    const late = await answer(running, id, 'approve');
    expect(late).toMatchObject({ status: 409, json: { error: { code: 'stale' } } });
    expect(late.body).toMatch(/write_file was answered before, at 2030-01-01T00:00:00.000Z: denied/);
  });

  test('of two at once, one counts and the other is told', async () => {
    await using running = await runGateway();
    const id = await asked(running);
    const both = await Promise.all([answer(running, id, 'deny'), answer(running, id, 'always')]);
    expect(both.map(({ status }) => status).sort()).toEqual([200, 409]);
    expect(await running.assistant.grants()).toHaveLength(both[1]?.status === 200 ? 1 : 0);
  });

  test('to a turn that has ended are refused', async () => {
    await using running = await runGateway();
    const id = await asked(running);
    await post(running, '/api/chat/interrupt', { thread_id: 'a' });
    const late = await answer(running, id, 'approve');
    expect(late.status).toBe(409);
    expect(late.body).toContain('withdrawn');
  });

  test('to nothing, or in another thread, are refused', async () => {
    await using running = await runGateway();
    const id = await asked(running);
    expect((await answer(running, 'nothing', 'approve')).status).toBe(404);
    const elsewhere = { request_id: id, action: 'approve', thread_id: 'b' };
    expect((await post(running, '/api/chat/approval', elsewhere)).status).toBe(404);
    expect(await answer(running, id, 'perhaps')).toMatchObject({
      status: 400,
      json: { error: { field: 'action' } },
    });
  });

  test('can be given as the resolution of a gate', async () => {
    await using running = await runGateway();
    const id = await asked(running);
    const resolve = (resolution: string) =>
      post(running, '/api/chat/gate/resolve', { request_id: id, resolution });
    expect((await resolve('credential_provided')).status).toBe(409);
    expect((await resolve('approved')).json).toMatchObject({ status: 'resolved' });
    expect((await resolve('denied')).status).toBe(409);
  });
});
