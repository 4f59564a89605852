// Keeps the page itself, so that it opens at once, also while the server is away. Never what the API answers.
// The build writes the names of the files here.
const FILES = [
  /* FILES */
];
const CACHE = `shell ${FILES.join(' ')}`;

addEventListener('install', (event) => {
  event.waitUntil(
    caches
      .open(CACHE)
      .then((cache) => cache.addAll(FILES))
      .then(() => skipWaiting()),
  );
});

addEventListener('activate', (event) => {
  const drop = async () => {
    const names = await caches.keys();
    await Promise.all(names.filter((name) => name !== CACHE).map((name) => caches.delete(name)));
    await clients.claim();
  };
  event.waitUntil(drop());
});

addEventListener('fetch', (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== 'GET' || url.origin !== location.origin) return;
  if (url.pathname.startsWith('/assets/')) event.respondWith(fromCacheFirst(request));
  else if (request.mode === 'navigate' && isPlace(url)) event.respondWith(fromServerFirst(request));
});

/** Login and the API are the server's alone. */
const isPlace = ({ pathname }) => !/^\/(api|v1|webhook|login|logout|ws)(\/|$)/.test(pathname);

async function fromCacheFirst(request) {
  const kept = await caches.match(request);
  if (kept) return kept;
  const answer = await fetch(request);
  if (answer.ok) (await caches.open(CACHE)).put(request, answer.clone());
  return answer;
}

/** A page that is newer counts; one that was kept is better than none. */
async function fromServerFirst(request) {
  try {
    return await fetch(request);
  } catch (error) {
    const kept = await caches.match('/');
    if (kept) return kept;
    throw error;
  }
}
