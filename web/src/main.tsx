import './style/index.css';
import { render } from 'preact';
import { applyAppearance } from './appearance.ts';
import { connect } from './connection.ts';
import { listenForKeys } from './keys.ts';
import { followLinks } from './route.ts';
import { Shell } from './shell/shell.tsx';

void connect();
followLinks();
listenForKeys();
await applyAppearance();
const place = document.getElementById('app');
if (place) render(<Shell />, place);
if (import.meta.env.PROD) void navigator.serviceWorker?.register('/service-worker.js').catch(() => {});
