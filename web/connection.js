// @ts-check

/**
 * A WebSocket to the assistant that comes back by itself. `request` resolves with the answer and rejects with an
 * Error that has a `code`; where the connection is lost first, the code is `closed`.
 * @param {{ onFrame(frame: any): void, onConnected(): void, onState(text: string): void, onLoggedOut(): void }} handlers
 */
export function createConnection({ onFrame, onConnected, onState, onLoggedOut }) {
  /** @type {Map<string, { resolve(frame: any): void, reject(error: Error): void }>} */
  const waiting = new Map();
  /** @type {WebSocket | undefined} */
  let socket;
  let count = 0;
  let attempt = 0;

  async function open() {
    onState('Connecting…');
    const session = await fetch('/api/session').catch(() => undefined);
    if (session?.status === 401) return onLoggedOut();
    if (!session?.ok) return retry();
    socket = new WebSocket(`${location.origin.replace('http', 'ws')}/ws`);
    socket.onmessage = ({ data }) => receive(JSON.parse(data));
    socket.onclose = lost;
  }

  /** @param {any} frame */
  function receive(frame) {
    if (frame.type === 'welcome') {
      attempt = 0;
      onState('Connected');
      return onConnected();
    }
    onFrame(frame);
    const asked = waiting.get(frame.requestId);
    waiting.delete(frame.requestId);
    if (frame.type === 'error') asked?.reject(failure(frame.code, frame.message));
    else asked?.resolve(frame);
  }

  function lost() {
    socket = undefined;
    for (const { reject } of waiting.values()) reject(failure('closed', 'The connection was lost.'));
    waiting.clear();
    retry();
  }

  function retry() {
    const seconds = Math.min(2 ** attempt++, 15);
    countDown(seconds);
  }

  /** @param {number} seconds */
  function countDown(seconds) {
    if (seconds <= 0) return open();
    onState(`Reconnecting in ${seconds} s`);
    setTimeout(() => countDown(seconds - 1), 1000);
  }

  /** @param {any} question @returns {Promise<any>} */
  function request(question) {
    return new Promise((resolve, reject) => {
      if (socket?.readyState !== WebSocket.OPEN) return reject(failure('closed', 'Not connected.'));
      const requestId = String(++count);
      waiting.set(requestId, { resolve, reject });
      socket.send(JSON.stringify({ ...question, requestId }));
    });
  }

  open();
  return { request };
}

/** @param {string} code @param {string} message */
function failure(code, message) {
  return Object.assign(new Error(message), { code });
}
