import { Cron } from 'croner';
import { expect, test } from 'vitest';
import { randomFrom } from '../../../property-tests/random.ts';
import { readSchedule, type Schedule } from './schedule.ts';

/** Compares the next time of random schedules, in zones with all kinds of clock changes, with what another library says. */

const ZONES = [
  'UTC',
  'Europe/Berlin',
  'America/New_York',
  'Australia/Lord_Howe',
  'Asia/Kolkata',
  'America/Santiago',
  'Africa/Casablanca',
  'Pacific/Chatham',
  'Asia/Tokyo',
];

function randomSchedule(random: () => number): string {
  const below = (count: number): number => Math.floor(random() * count);
  const pick = <T>(values: readonly [T, ...T[]]): T => values[below(values.length)] ?? values[0];
  const field = (least: number, most: number): string => {
    const one = (): number => least + below(most - least + 1);
    const [a, b] = [one(), one()].sort((x, y) => x - y);
    return pick([
      '*',
      '*',
      `${one()}`,
      `${one()}`,
      `${a}-${b}`,
      `${one()},${one()}`,
      `*/${2 + below(most / 2)}`,
      `${a}-${b}/${1 + below(5)}`,
    ]);
  };
  const minute = field(0, 59);
  const hour = field(0, 23);
  const day = pick(['*', '*', field(1, 31), 'L']);
  const weekday = pick(['*', '*', field(0, 6), `${below(7)}#${1 + below(5)}`, `${below(7)}L`]);
  const five = `${minute} ${hour} ${day} ${field(1, 12)} ${weekday}`;
  return random() < 0.2 ? `${field(0, 59)} ${five}` : five;
}

const STARTS = Date.UTC(2024, 0, 1);
const YEARS_MS = 4 * 365 * 86_400_000;
const DAY_MS = 86_400_000;

/** Half of them within two days of a change of the clocks, where there is one. */
function randomStart(random: () => number, { zone }: Schedule): number {
  const anywhere = STARTS + Math.floor(random() * YEARS_MS);
  if (random() < 0.5) return anywhere;
  return zone.spanAt(anywhere).to - Math.floor(random() * 2 * DAY_MS);
}

/**
 * Two differences are meant. We make up for what the clocks skipped at the very moment they skip, whatever else runs in
 * that hour. And minutes with a star do not make a time of the day come twice: only hours with a star do.
 */
function isMeant(schedule: Schedule, ours: number, theirs: number): boolean {
  const here = schedule.zone.spanAt(Math.min(ours, theirs));
  const change = here.offset - schedule.zone.spanAt(here.from - 1).offset;
  if (schedule.cron.everyHour) return false;
  if (change > 0) return ours === here.from && theirs > ours;
  return change < 0 && theirs < ours && theirs < here.from - change;
}

const SCHEDULES = 12_500;
const STARTS_OF_EACH = 8;

test('croner says the same of 100,000 random times, but for what is meant', { timeout: 600_000 }, () => {
  const random = randomFrom(1);
  const unexplained: string[] = [];
  let [read, meant] = [0, 0];
  while (read < SCHEDULES) {
    const zone = ZONES[Math.floor(random() * ZONES.length)] ?? 'UTC';
    const text = randomSchedule(random);
    const schedule = readSchedule(text, zone);
    // Refused: numbers that stand twice in a list, and days that no month of those given has.
    if (!schedule.ok) continue;
    read++;
    const other = new Cron(text, { timezone: zone, paused: true });
    for (let start = 0; start < STARTS_OF_EACH; start++) {
      const from = randomStart(random, schedule.value);
      const ours = schedule.value.next(from) ?? undefined;
      const theirs = other.nextRun(new Date(from))?.getTime();
      if (ours === theirs) continue;
      if (ours !== undefined && theirs !== undefined && isMeant(schedule.value, ours, theirs)) meant++;
      else unexplained.push(`${text} ${zone} ${new Date(from).toISOString()}: ${ours}, ${theirs}`);
    }
  }
  expect(unexplained).toEqual([]);
  expect(meant).toBeGreaterThan(0);
  expect(meant).toBeLessThan(1_000);
});
