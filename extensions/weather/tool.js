// The weather of the next days, from open-meteo.com, which needs no key.

export const description =
  'Weather for a place: the current temperature and wind, and the forecast for up to seven days.';

export const parameters = {
  type: 'object',
  properties: {
    place: { type: 'string', description: 'A town, for example "Lisbon" or "Springfield, Illinois".' },
    days: { type: 'integer', minimum: 1, maximum: 7, description: 'Days of forecast; 3 when left out.' },
  },
  required: ['place'],
};

const GEOCODING = 'https://geocoding-api.open-meteo.com/v1/search';
const FORECAST = 'https://api.open-meteo.com/v1/forecast';

export function run({ place, days = 3 }, { http }) {
  if (typeof place !== 'string' || place.trim() === '')
    throw new ToolError('Name a place.', { kind: 'input' });
  const found = find(place, http);
  const { current, daily, timezone } = get(http, FORECAST, {
    latitude: found.latitude,
    longitude: found.longitude,
    current: 'temperature_2m,wind_speed_10m,weather_code',
    daily: 'weather_code,temperature_2m_max,temperature_2m_min,precipitation_sum',
    forecast_days: Math.min(Math.max(Math.trunc(Number(days)) || 3, 1), 7),
    timezone: 'auto',
  });
  return {
    place: [found.name, found.admin1, found.country].filter(Boolean).join(', '),
    timezone,
    now: {
      sky: sky(current.weather_code),
      celsius: current.temperature_2m,
      windKmh: current.wind_speed_10m,
    },
    days: daily.time.map((date, day) => ({
      date,
      sky: sky(daily.weather_code[day]),
      low: daily.temperature_2m_min[day],
      high: daily.temperature_2m_max[day],
      rainMm: daily.precipitation_sum[day],
    })),
  };
}

// "Springfield, Illinois": the service searches for the first part, the second chooses among what it finds.
function find(place, http) {
  const [name, region] = place.split(',').map((part) => part.trim());
  const { results = [] } = get(http, GEOCODING, { name, count: region ? 10 : 1 });
  const matches = ({ admin1 = '', country = '', country_code = '' }) =>
    [admin1, country, country_code].some((area) => area.toLowerCase() === region.toLowerCase());
  const found = (region && results.find(matches)) || results[0];
  if (!found) throw new ToolError(`No place called ${place} is known.`, { kind: 'input' });
  return found;
}

function get(http, address, query) {
  const url = new URL(address);
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
  const answer = http(url);
  if (!answer.ok) throw new ToolError(`${url.hostname} answered ${answer.status}.`, { kind: 'client' });
  return answer.json();
}

// Groups of the WMO's codes 4677, as open-meteo.com uses them.
const SKIES = [
  [0, 'clear'],
  [2, 'partly cloudy'],
  [3, 'overcast'],
  [48, 'fog'],
  [57, 'drizzle'],
  [67, 'rain'],
  [77, 'snow'],
  [82, 'rain showers'],
  [86, 'snow showers'],
  [99, 'thunderstorm'],
];

const sky = (code) => SKIES.find(([last]) => code <= last)?.[1] ?? 'unknown';
