/** Large places that no time zone is named after. */
const OTHER_PLACES: Readonly<Record<string, string>> = {
  barcelona: 'Europe/Madrid',
  beijing: 'Asia/Shanghai',
  boston: 'America/New_York',
  california: 'America/Los_Angeles',
  delhi: 'Asia/Kolkata',
  frankfurt: 'Europe/Berlin',
  geneva: 'Europe/Zurich',
  germany: 'Europe/Berlin',
  hamburg: 'Europe/Berlin',
  india: 'Asia/Kolkata',
  japan: 'Asia/Tokyo',
  kyiv: 'Europe/Kyiv',
  milan: 'Europe/Rome',
  mumbai: 'Asia/Kolkata',
  munich: 'Europe/Berlin',
  nyc: 'America/New_York',
  'san francisco': 'America/Los_Angeles',
  seattle: 'America/Los_Angeles',
  uk: 'Europe/London',
  washington: 'America/New_York',
};

let places: ReadonlyMap<string, string> | undefined;

/** The IANA time zone of a place (`Tokyo`, `new york`) or of a zone's own name in any case, if there is one. */
export function findZone(place: string): string | undefined {
  const name = place.trim().toLowerCase().replaceAll('_', ' ');
  places ??= listPlaces();
  return places.get(name) ?? ownName(place.trim());
}

function listPlaces(): ReadonlyMap<string, string> {
  const zones = Intl.supportedValuesOf('timeZone');
  const cities = zones.map((zone): [string, string] => [cityOf(zone), zone]);
  const names = zones.map((zone): [string, string] => [zone.toLowerCase().replaceAll('_', ' '), zone]);
  return new Map([...Object.entries(OTHER_PLACES), ...cities, ...names]);
}

function cityOf(zone: string): string {
  return zone
    .slice(zone.lastIndexOf('/') + 1)
    .replaceAll('_', ' ')
    .toLowerCase();
}

/** Names that are understood but not listed: `UTC`, `Asia/Calcutta`, `+02:00`. */
function ownName(zone: string): string | undefined {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: zone }).resolvedOptions().timeZone;
  } catch {
    return undefined;
  }
}
