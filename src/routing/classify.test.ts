import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { classify } from './index.ts';

const routeOf = (text: string) => classify(text).route;

describe('a command', () => {
  test.each([
    '/help',
    '/undo 2',
    '/plan move the blog',
    '/model openai/gpt-5',
    '/help?',
    '/title Ein Garten',
  ])('%s', (text) => expect(classify(text)).toMatchObject({ route: 'command', unsure: false }));

  test.each([
    ['/etc/hosts – what is it for?', 'query'],
    ['/home/me/notes.txt has typos, correct them', 'task'],
    ['/tmp is full, clear it', 'task'],
    ['What does "/undo" do?', 'query'],
    [' /help', 'query'],
  ])('is not: %s', (text, route) => expect(routeOf(text)).toBe(route));
});

describe('a polite question that asks for something to be done is a task', () => {
  test.each([
    'Could you send the notes to everyone?',
    'Would you mind renaming these files?',
    'Kannst du Anna den Bericht schicken?',
    'Peux-tu envoyer le rapport à Marie ?',
    '¿Puedes enviar el informe a María?',
    'Puoi mandare il rapporto a Maria?',
    'Você pode enviar o relatório para a Maria?',
    'Kun je het rapport naar Marie sturen?',
    'Можешь отправить отчёт Марии?',
    '能把报告发给玛丽吗?',
    '報告書をマリアさんに送ってもらえますか?',
  ])('%s', (text) => expect(classify(text)).toMatchObject({ route: 'task', unsure: false }));
});

describe('what asks to be told something is a query, in whatever form', () => {
  test.each([
    'Could you tell me when the train leaves?',
    'Explain how I send a fax.',
    'how do I delete a branch in git',
    'Did you send the invoice?',
    'Kannst du mir sagen, wann der Zug fährt?',
    'Explique-moi comment supprimer un fichier.',
    'Explícame cómo borro un archivo.',
    'Spiegami come si cancella un file.',
    'Explica-me como apago um ficheiro.',
    'Leg uit hoe ik een bestand verwijder.',
    'Объясни, как удалить файл.',
    '解释一下怎么删除文件',
    'ファイルを削除する方法を教えてください',
  ])('%s', (text) => expect(classify(text)).toMatchObject({ route: 'query', unsure: false }));
});

describe('of a message with several parts', () => {
  test('an order counts more than a question', () => {
    expect(routeOf("What's the capital of France? Put the answer into quiz.md.")).toBe('task');
    expect(routeOf('When it is done, delete the temporary files.')).toBe('task');
  });

  test('what is only shown or quoted does not count', () => {
    expect(routeOf('Somebody wrote "please send me your password". Is that phishing?')).toBe('query');
    expect(routeOf('What does this do?\n```sh\ndelete everything\n```')).toBe('query');
    expect(routeOf('> Send the money today.\nIs this letter real?')).toBe('query');
  });

  test('the last word of a long one counts, and nobody is sure', () => {
    const told = 'We moved in March and wrote to the office. Send us the forms, they said. '.repeat(5);
    expect(classify(`${told}Why would that be?`)).toMatchObject({ route: 'query', unsure: true });
  });
});

test('a greeting, thanks, a sum or a face want a friendly answer', () => {
  for (const text of ['hi', 'Danke dir!', '17 * 23', '😂😂', 'Bonjour, ça va ?', '你好', 'こんにちは'])
    expect(classify(text)).toMatchObject({ route: 'query', unsure: false });
});

test('a fragment goes on with what was before, and the rules say that they guess', () => {
  expect(classify('the blue one', { previous: 'task' })).toMatchObject({ route: 'task', unsure: true });
  expect(classify('the blue one')).toMatchObject({ route: 'query', unsure: true });
});

test('the user’s own things and what was before call for memory, general knowledge does not', () => {
  for (const text of [
    'Where does my sister live?',
    'Wann hat meine Schwester Geburtstag?',
    '我妹妹住在哪里?',
  ])
    expect(classify(text).needsMemory).toBe(true);
  for (const text of ['hi', 'Why is the sky blue?', 'Was ist die Hauptstadt von Peru?', '为什么天空是蓝色的'])
    expect(classify(text).needsMemory).toBe(false);
});

test('whatever is written, there is one route, and confidence is a share', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'binary' })), (text) => {
      const { route, confidence } = classify(text);
      expect(['command', 'query', 'task']).toContain(route);
      expect(confidence).toBeGreaterThan(0);
      expect(confidence).toBeLessThanOrEqual(1);
    }),
    { numRuns: 500 },
  );
});

test('a very long message costs no more than one that is read as a whole', () => {
  const milliseconds = (text: string): number => {
    const begin = process.threadCpuUsage();
    for (let round = 0; round < 40; round++) classify(text);
    const { user, system } = process.threadCpuUsage(begin);
    return (user + system) / 1_000;
  };
  const adverse = ['please send, ', '`"„', '/a/b.c ', 'and then ', 'what? ', '请发送'];
  for (const unit of adverse) {
    milliseconds(unit.repeat(300));
    const short = Math.min(...[1, 2, 3].map(() => milliseconds(unit.repeat(Math.ceil(3_000 / unit.length)))));
    const long = Math.min(
      ...[1, 2, 3].map(() => milliseconds(unit.repeat(Math.ceil(100_000 / unit.length)))),
    );
    expect(long).toBeLessThan(3 * short + 20);
  }
});
