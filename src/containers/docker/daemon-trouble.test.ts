import { expect, test } from 'vitest';
import { daemonTrouble } from './daemon-trouble.ts';

const place = { socket: '/run/d.sock', platform: 'linux', isInstalled: true, hasApt: true } as const;

test.each([
  ['EACCES', place, 'not-allowed', 'sudo usermod -aG docker'],
  ['ECONNREFUSED', place, 'not-running', 'sudo systemctl start docker'],
  ['ENOENT', place, 'not-running', 'sudo systemctl start docker'],
  [undefined, place, 'not-running', 'sudo systemctl start docker'],
  ['ENOENT', { ...place, platform: 'darwin' }, 'not-running', 'open -a Docker'],
  ['ENOENT', { ...place, isInstalled: false }, 'not-installed', 'sudo apt-get install docker.io'],
  ['ENOENT', { ...place, isInstalled: false, hasApt: false }, 'not-installed', 'docs.docker.com'],
  [
    'ENOENT',
    { ...place, isInstalled: false, platform: 'darwin' },
    'not-installed',
    'brew install --cask docker',
  ],
  ['ENOENT', { ...place, isInstalled: false, platform: 'win32' }, 'not-installed', 'wsl --install'],
] as const)('%s there means %#', (code, where, state, fix) => {
  const trouble = daemonTrouble(code, where);
  expect(trouble.state).toBe(state);
  expect(trouble.fix).toContain(fix);
});
