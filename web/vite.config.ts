import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { defineConfig, type Plugin } from 'vite';

/** Most that may be fetched before the first page shows, compressed. */
const MAX_INITIAL_BYTES = 150_000;
const DIST = join(import.meta.dirname, 'dist');

/** Builds `web/dist`, which the gateway serves as it is. Its policy allows no inline script or style. */
export default defineConfig({
  plugins: [serviceWorker(), compressed()],
  build: {
    target: 'es2024',
    cssTarget: ['chrome123', 'firefox128', 'safari17.5'],
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      // Otherwise each icon that two pages share would be a file of its own.
      output: {
        codeSplitting: {
          groups: [{ name: 'parts', test: /node_modules\/(lucide-preact|preact|@preact)\// }],
        },
      },
    },
  },
  server: { proxy: { '/api': 'http://127.0.0.1:4747', '/ws': { target: 'ws://127.0.0.1:4747', ws: true } } },
});

/** Tells the service worker which files the shell is made of; a changed file makes a new worker. */
function serviceWorker(): Plugin {
  return {
    name: 'service-worker',
    apply: 'build',
    closeBundle() {
      const files = shellFiles();
      const path = join(DIST, 'service-worker.js');
      const code = readFileSync(path, 'utf8').replace(
        '/* FILES */',
        files.map((file) => `'${file}'`).join(', '),
      );
      writeFileSync(path, code);
    },
  };
}

/** What the page names itself, and what it asks for at once. */
function shellFiles(): readonly string[] {
  const page = readFileSync(join(DIST, 'index.html'), 'utf8');
  const named = [...page.matchAll(/(?:src|href)="(\/assets\/[^"]+)"/g)].map(([, file]) => file ?? '');
  return ['/', '/icon.svg', ...new Set(named)];
}

/** Text is compressed once, here, and not for each client; says what the first visit fetches. */
function compressed(): Plugin {
  return {
    name: 'compressed',
    apply: 'build',
    enforce: 'post',
    closeBundle() {
      const files = readdirSync(DIST, { recursive: true, encoding: 'utf8' });
      for (const file of files.filter((name) => /\.(js|css|html|svg|webmanifest)$/.test(name))) {
        const path = join(DIST, file);
        writeFileSync(`${path}.gz`, gzipSync(readFileSync(path), { level: 9 }));
      }
      const scripts = shellFiles().filter((file) => file.endsWith('.js'));
      const bytes = scripts.reduce((sum, file) => sum + readFileSync(join(DIST, `${file}.gz`)).length, 0);
      console.log(`web: ${(bytes / 1000).toFixed(1)} kB of JavaScript (gzip) at the first visit`);
      if (bytes > MAX_INITIAL_BYTES) throw new Error(`That is more than ${MAX_INITIAL_BYTES / 1000} kB.`);
    },
  };
}
