import { expect, test } from 'vitest';
import { announcesCall } from './announcement.ts';

test.each([
  "I'll check the file now.",
  'Let me look that up:',
  'Sure! Let me search your notes.',
  'The folder is empty. I will create the file next.',
  'I’m going to run the tests…',
  'Okay, first I will read the config.',
  'Ich schaue im Kalender nach.',
  'Je vais vérifier le fichier.',
  'Voy a buscar el correo.',
])('announces: %s', (text) => {
  expect(announcesCall(text)).toBe(true);
});

test.each([
  '',
  'Done. The file is written.',
  'Let me know if you need anything else.',
  'I will look into it if you tell me the name.',
  'Shall I check the file?',
  "I'll keep that in mind.",
  'You can check the file yourself.',
  'The answer is 42.',
  'I will check the file.\n\nIt holds three lines: a, b and c.',
  'It says: "Let me look at the stars." Nice line.',
  `I will check. ${'This goes on and on. '.repeat(40)}`,
])('does not announce: %s', (text) => {
  expect(announcesCall(text)).toBe(false);
});
