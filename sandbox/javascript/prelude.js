/**
 * What QuickJS lacks and a tool expects, and what makes a tool of an author's module. It is evaluated in front of the
 * source (`sandbox/build/source.ts`), once, while the component is built; the memory it leaves is where every call
 * begins. Until `built` is set the host does not exist, and calling it ends the build.
 */
(function prelude(host, insecureSeed) {
  let built = false;

  // ---- console --------------------------------------------------------------------------------------------------

  const LEVELS = { trace: 'trace', debug: 'debug', log: 'info', info: 'info', warn: 'warn', error: 'error' };

  // The author's own frames: those of the prelude, which was made from text, say nothing to anybody.
  const stackOf = (error) =>
    (error.stack ?? '')
      .split('\n')
      .filter((line) => !line.includes('(<'))
      .join('\n')
      .replaceAll('componentize-qjs:user.js', 'tool.js');

  function show(value) {
    if (typeof value === 'string') return value;
    if (value instanceof Error) return `${value}\n${stackOf(value)}`.trimEnd();
    try {
      return JSON.stringify(value) ?? String(value);
    } catch {
      return String(value);
    }
  }

  const write = (level, values) => {
    if (built) host.log(level, values.map(show).join(' '));
  };

  globalThis.console = Object.fromEntries(
    Object.entries(LEVELS).map(([name, level]) => [name, (...values) => write(level, values)]),
  );

  // ---- Math.random ----------------------------------------------------------------------------------------------

  // The engine's own generator is part of the snapshot and would give every call the same numbers.
  // xoshiro128** by Blackman and Vigna, seeded from the host at the first use in a call.
  let state = [0x9e3779b9, 0x243f6a88, 0xb7e15162, 0xdeadbeef];
  let seeded = false;

  const rotate = (x, k) => (x << k) | (x >>> (32 - k));

  function next() {
    const [a, b, c, d] = state;
    const result = Math.imul(rotate(Math.imul(b, 5), 7), 9);
    const x = c ^ a;
    const y = d ^ b;
    state = [a ^ y, b ^ x, x ^ (b << 9), rotate(y, 11)];
    return result >>> 0;
  }

  function seed() {
    const words = insecureSeed().flatMap((word) => {
      const bits = BigInt.asUintN(64, BigInt(word));
      return [Number(bits & 0xffffffffn), Number(bits >> 32n)];
    });
    const now = Number(host.nowMillis());
    state = state.map((word, index) => (word ^ words[index] ^ (index === 0 ? now : 0)) | 0);
    seeded = true;
    for (let round = 0; round < 8; round++) next();
  }

  Math.random = function random() {
    if (built && !seeded) seed();
    return ((next() >>> 5) * 67108864 + (next() >>> 6)) / 9007199254740992;
  };

  // ---- TextEncoder, TextDecoder: UTF-8 only ---------------------------------------------------------------------

  // Text turns into UTF-8 and back in the host's calls only, so it is done here by hand.
  function encode(text) {
    const bytes = new Uint8Array(text.length * 3);
    let size = 0;
    for (const character of text) {
      let code = character.codePointAt(0);
      if (code >= 0xd800 && code <= 0xdfff) code = 0xfffd;
      if (code < 0x80) bytes[size++] = code;
      else if (code < 0x800) {
        bytes[size++] = 0xc0 | (code >> 6);
        bytes[size++] = 0x80 | (code & 63);
      } else if (code < 0x10000) {
        bytes[size++] = 0xe0 | (code >> 12);
        bytes[size++] = 0x80 | ((code >> 6) & 63);
        bytes[size++] = 0x80 | (code & 63);
      } else {
        bytes[size++] = 0xf0 | (code >> 18);
        bytes[size++] = 0x80 | ((code >> 12) & 63);
        bytes[size++] = 0x80 | ((code >> 6) & 63);
        bytes[size++] = 0x80 | (code & 63);
      }
    }
    return bytes.slice(0, size);
  }

  // Lead byte to the number of bytes that follow and the bounds of the first of them (Unicode, table 3-7).
  function sequence(lead) {
    if (lead >= 0xc2 && lead <= 0xdf) return [1, 0x80, 0xbf];
    if (lead === 0xe0) return [2, 0xa0, 0xbf];
    if (lead === 0xed) return [2, 0x80, 0x9f];
    if (lead >= 0xe1 && lead <= 0xef) return [2, 0x80, 0xbf];
    if (lead === 0xf0) return [3, 0x90, 0xbf];
    if (lead >= 0xf1 && lead <= 0xf3) return [3, 0x80, 0xbf];
    if (lead === 0xf4) return [3, 0x80, 0x8f];
    return undefined;
  }

  // One character from `at`: its code, or -1 where the bytes are wrong, and how many bytes it took.
  function decodeOne(bytes, at) {
    const lead = bytes[at];
    if (lead < 0x80) return [lead, 1];
    const form = sequence(lead);
    if (!form) return [-1, 1];
    let [more, low, high] = form;
    let code = lead & (0x3f >> more);
    for (let i = 1; i <= more; i++) {
      const byte = bytes[at + i];
      if (byte === undefined || byte < low || byte > high) return [-1, i];
      code = (code << 6) | (byte & 63);
      [low, high] = [0x80, 0xbf];
    }
    return [code, more + 1];
  }

  const CHUNK = 4096;

  function decode(bytes, fatal, keepBom) {
    const marked = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
    let at = marked && !keepBom ? 3 : 0;
    let text = '';
    let codes = [];
    while (at < bytes.length) {
      const [code, length] = decodeOne(bytes, at);
      if (code < 0 && fatal) throw new TypeError('The encoded data was not valid UTF-8');
      codes.push(code < 0 ? 0xfffd : code);
      at += length;
      if (codes.length < CHUNK) continue;
      text += String.fromCodePoint(...codes);
      codes = [];
    }
    return text + String.fromCodePoint(...codes);
  }

  function bytesOf(input) {
    if (input === undefined) return new Uint8Array(0);
    if (input instanceof Uint8Array) return input;
    if (ArrayBuffer.isView(input)) return new Uint8Array(input.buffer, input.byteOffset, input.byteLength);
    if (input instanceof ArrayBuffer) return new Uint8Array(input);
    throw new TypeError('Expected an ArrayBuffer or a view of one');
  }

  globalThis.TextEncoder = class TextEncoder {
    get encoding() {
      return 'utf-8';
    }
    encode(text = '') {
      return encode(String(text));
    }
  };

  globalThis.TextDecoder = class TextDecoder {
    #fatal;
    #keepBom;
    constructor(label = 'utf-8', { fatal = false, ignoreBOM = false } = {}) {
      if (!/^\s*(utf-?8|unicode-1-1-utf-8)\s*$/i.test(label)) {
        throw new RangeError(`Only utf-8 can be decoded here, not ${label}`);
      }
      this.#fatal = fatal;
      this.#keepBom = ignoreBOM;
    }
    get encoding() {
      return 'utf-8';
    }
    decode(input) {
      return decode(bytesOf(input), this.#fatal, this.#keepBom);
    }
  };

  // ---- structuredClone: data, without prototypes, errors or transfers ---------------------------------------------

  const refuseClone = (what) => {
    throw new TypeError(`structuredClone: ${what} cannot be cloned`);
  };

  function clone(value, seen) {
    if (typeof value === 'function' || typeof value === 'symbol') refuseClone(`a ${typeof value}`);
    if (typeof value !== 'object' || value === null) return value;
    const before = seen.get(value);
    if (before !== undefined) return before;
    const remember = (copy) => {
      seen.set(value, copy);
      return copy;
    };
    if (value instanceof Date) return remember(new Date(value));
    if (value instanceof RegExp) return remember(new RegExp(value.source, value.flags));
    if (value instanceof ArrayBuffer) return remember(value.slice(0));
    if (value instanceof DataView) {
      return remember(new DataView(clone(value.buffer, seen), value.byteOffset, value.byteLength));
    }
    if (ArrayBuffer.isView(value)) return remember(value.slice());
    if (value instanceof Map) {
      const copy = remember(new Map());
      for (const [key, item] of value) copy.set(clone(key, seen), clone(item, seen));
      return copy;
    }
    if (value instanceof Set) {
      const copy = remember(new Set());
      for (const item of value) copy.add(clone(item, seen));
      return copy;
    }
    if (value instanceof Promise || value instanceof WeakMap || value instanceof WeakSet) {
      refuseClone(`a ${value.constructor.name}`);
    }
    const copy = remember(Array.isArray(value) ? new Array(value.length) : {});
    for (const key of Object.keys(value)) copy[key] = clone(value[key], seen);
    return copy;
  }

  globalThis.structuredClone = (value) => clone(value, new Map());

  // ---- URLSearchParams ----------------------------------------------------------------------------------------------

  // A lone half of a surrogate pair makes encodeURIComponent throw.
  const percent = (text) => encodeURIComponent(text.toWellFormed());

  const encodeForm = (text) =>
    percent(text).replace(/[!'()~]|%20/g, (part) =>
      part === '%20' ? '+' : `%${part.charCodeAt(0).toString(16).toUpperCase()}`,
    );

  // Percent signs that encode nothing stay as they are, and bytes that are no UTF-8 become U+FFFD.
  function decodeForm(text) {
    const spaced = text.replaceAll('+', ' ');
    return spaced.replace(/(?:%[0-9a-f]{2})+/gi, (run) => {
      const bytes = run.match(/[0-9a-f]{2}/gi).map((hex) => Number.parseInt(hex, 16));
      return decode(Uint8Array.from(bytes), false, true);
    });
  }

  function pairsOf(text) {
    const parts = text.replace(/^\?/, '').split('&');
    return parts.filter(Boolean).map((part) => {
      const at = part.indexOf('=');
      const [name, value] = at < 0 ? [part, ''] : [part.slice(0, at), part.slice(at + 1)];
      return [decodeForm(name), decodeForm(value)];
    });
  }

  function initialPairs(init) {
    if (init === undefined || init === null) return [];
    if (typeof init !== 'object') return pairsOf(String(init));
    const entries = typeof init[Symbol.iterator] === 'function' ? [...init] : Object.entries(init);
    return entries.map((entry) => {
      const [name, value, ...rest] = entry;
      if (value === undefined || rest.length > 0) throw new TypeError('Each pair needs a name and a value');
      return [String(name), String(value)];
    });
  }

  class URLSearchParams {
    #pairs;
    #changed;
    constructor(init, changed = () => {}) {
      this.#pairs = initialPairs(init);
      this.#changed = changed;
    }
    get size() {
      return this.#pairs.length;
    }
    #replace(pairs) {
      this.#pairs = pairs;
      this.#changed(this.toString());
    }
    append(name, value) {
      this.#replace([...this.#pairs, [String(name), String(value)]]);
    }
    delete(name, value) {
      const goes = ([key, item]) => key === String(name) && (value === undefined || item === String(value));
      this.#replace(this.#pairs.filter((pair) => !goes(pair)));
    }
    get(name) {
      return this.#pairs.find(([key]) => key === String(name))?.[1] ?? null;
    }
    getAll(name) {
      return this.#pairs.filter(([key]) => key === String(name)).map(([, value]) => value);
    }
    has(name, value) {
      const values = this.getAll(name);
      return value === undefined ? values.length > 0 : values.includes(String(value));
    }
    set(name, value) {
      const at = this.#pairs.findIndex(([key]) => key === String(name));
      if (at < 0) return this.append(name, value);
      const rest = this.#pairs.filter(([key], index) => index === at || key !== String(name));
      this.#replace(rest.map((pair, index) => (index === at ? [pair[0], String(value)] : pair)));
    }
    sort() {
      this.#replace([...this.#pairs].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)));
    }
    forEach(visit, self) {
      for (const [name, value] of this.#pairs) visit.call(self, value, name, this);
    }
    keys() {
      return this.#pairs.map(([name]) => name).values();
    }
    values() {
      return this.#pairs.map(([, value]) => value).values();
    }
    entries() {
      return this.#pairs.map(([name, value]) => [name, value]).values();
    }
    [Symbol.iterator]() {
      return this.entries();
    }
    toString() {
      return this.#pairs.map(([name, value]) => `${encodeForm(name)}=${encodeForm(value)}`).join('&');
    }
  }
  globalThis.URLSearchParams = URLSearchParams;

  // ---- URL: http and https, for building requests -------------------------------------------------------------------

  const DEFAULT_PORTS = { 'http:': '80', 'https:': '443' };
  const ABSOLUTE = /^(https?):\/*(?:([^/?#@]*)@)?(\[[^\]]*\]|[^/?#:]*)(?::(\d*))?([^?#]*)(\?[^#]*)?(#.*)?$/i;

  // Encodes what may not stand in that part and leaves what is encoded already.
  const escapeTo = (allowed) => (text) =>
    text.replace(allowed, (part) => percent(part).replaceAll("'", '%27'));
  const escapePath = escapeTo(/[^!$%&'()*+,\-./:;=@\w~[\]|]+/gu);
  const escapeQuery = escapeTo(/[^!$%&()*+,\-./:;=?@\w~[\]\\^`{|}]+/gu);
  const escapeHash = escapeTo(/[^!#$%&'()*+,\-./:;=?@\w~[\]\\^{|}]+/gu);
  const escapeUser = escapeTo(/[^!$%&'()*+,\-.\w~]+/gu);

  function resolveDots(path) {
    const parts = path.split('/').slice(1);
    const kept = [];
    parts.forEach((part, index) => {
      const last = index === parts.length - 1;
      const plain = part.replace(/%2e/gi, '.');
      if (plain === '..') kept.pop();
      if (plain !== '..' && plain !== '.') kept.push(part);
      else if (last) kept.push('');
    });
    return `/${kept.join('/')}`;
  }

  const fail = (text) => {
    throw new TypeError(`Invalid URL: ${text}`);
  };

  function parseHost(text, whole) {
    if (/^\[[0-9a-f:.]+\]$/i.test(text)) return text.toLowerCase();
    let host = text;
    try {
      host = decodeURIComponent(text).toLowerCase();
    } catch {
      fail(whole);
    }
    // Names beyond ASCII need IDNA tables, which are larger than the rest of this file.
    return /^[a-z0-9._-]+$/.test(host) ? host : fail(whole);
  }

  function parsePort(text, protocol, whole) {
    if (!text) return '';
    const port = Number(text);
    if (port > 65535) fail(whole);
    return String(port) === DEFAULT_PORTS[protocol] ? '' : String(port);
  }

  function parse(text) {
    const clean = text
      .trim()
      .replace(/[\t\n\r]/g, '')
      .replace(/^[^?#]*/, (front) => front.replaceAll('\\', '/'));
    const match = ABSOLUTE.exec(clean);
    if (!match) fail(text);
    const [, scheme, user = '', host, port, path, query = '', hash = ''] = match;
    const protocol = `${scheme.toLowerCase()}:`;
    const [username, ...password] = user.split(':');
    return {
      protocol,
      username: escapeUser(username),
      password: escapeUser(password.join(':')),
      hostname: parseHost(host, text),
      port: parsePort(port, protocol, text),
      pathname: resolveDots(escapePath(path || '/')),
      search: escapeQuery(query),
      hash: escapeHash(hash),
    };
  }

  function resolve(text, base) {
    const trimmed = text.trim();
    if (/^[a-z][a-z0-9+.-]*:/i.test(trimmed) || base === undefined) return parse(trimmed);
    const from = new URL(base);
    if (/^[/\\]{2}/.test(trimmed)) return parse(from.protocol + trimmed);
    if (/^[/\\]/.test(trimmed)) return parse(from.origin + trimmed);
    if (trimmed.startsWith('?')) return parse(from.origin + from.pathname + trimmed);
    if (trimmed.startsWith('#') || trimmed === '')
      return parse(from.origin + from.pathname + from.search + trimmed);
    return parse(from.origin + from.pathname.replace(/[^/]*$/, '') + trimmed);
  }

  class URL {
    #parts;
    #params;
    constructor(url, base) {
      this.#parts = resolve(String(url), base === undefined ? undefined : String(base));
      this.#follow();
    }
    static canParse(url, base) {
      return URL.parse(url, base) !== null;
    }
    static parse(url, base) {
      try {
        return new URL(url, base);
      } catch {
        return null;
      }
    }
    #follow() {
      this.#params = new URLSearchParams(this.#parts.search, (query) => {
        this.#parts.search = query && `?${query}`;
      });
    }
    get protocol() {
      return this.#parts.protocol;
    }
    get username() {
      return this.#parts.username;
    }
    get password() {
      return this.#parts.password;
    }
    get hostname() {
      return this.#parts.hostname;
    }
    set hostname(value) {
      this.#parts.hostname = parseHost(String(value), String(value));
    }
    get port() {
      return this.#parts.port;
    }
    set port(value) {
      this.#parts.port = parsePort(/^\d*/.exec(String(value))[0], this.protocol, String(value));
    }
    get host() {
      return this.port ? `${this.hostname}:${this.port}` : this.hostname;
    }
    get origin() {
      return `${this.protocol}//${this.host}`;
    }
    get pathname() {
      return this.#parts.pathname;
    }
    set pathname(value) {
      const path = String(value).replace(/[?#]/g, percent);
      this.#parts.pathname = resolveDots(escapePath(path.startsWith('/') ? path : `/${path}`));
    }
    get search() {
      return this.#parts.search === '?' ? '' : this.#parts.search;
    }
    set search(value) {
      const query = escapeQuery(String(value).replace(/^\?/, '').replaceAll('#', '%23'));
      this.#parts.search = query && `?${query}`;
      this.#follow();
    }
    get searchParams() {
      return this.#params;
    }
    get hash() {
      return this.#parts.hash === '#' ? '' : this.#parts.hash;
    }
    set hash(value) {
      const text = escapeHash(String(value).replace(/^#/, ''));
      this.#parts.hash = text && `#${text}`;
    }
    get href() {
      const { username, password } = this;
      const user = username || password ? `${username}${password && `:${password}`}@` : '';
      return `${this.protocol}//${user}${this.host}${this.pathname}${this.#parts.search}${this.#parts.hash}`;
    }
    toString() {
      return this.href;
    }
    toJSON() {
      return this.href;
    }
  }
  globalThis.URL = URL;

  // ---- the tool -----------------------------------------------------------------------------------------------------

  const KINDS = [
    'auth-required',
    'input',
    'output-too-large',
    'executor',
    'network-denied',
    'client',
    'operation-failed',
  ];

  class ToolError extends Error {
    constructor(message, { kind = 'executor', code = null, requestSent = false } = {}) {
      super(message);
      this.name = 'ToolError';
      this.kind = KINDS.includes(kind) ? kind : 'executor';
      this.code = code;
      this.requestSent = requestSent;
    }
  }
  globalThis.ToolError = ToolError;

  // What the host's functions throw is the plain value of their error type, or wraps it.
  function thrownByHost(error) {
    const failure = error?.payload ?? error;
    if (typeof failure === 'string') return new ToolError(failure);
    if (failure instanceof Error) return failure;
    const { kind = 'executor', code, message, requestSent } = failure ?? {};
    return new ToolError(message ?? code ?? kind, { kind, code, requestSent });
  }

  function ask(call) {
    try {
      return call();
    } catch (error) {
      throw thrownByHost(error);
    }
  }

  function bodyOf(body, headers) {
    if (body === undefined || body === null) return null;
    if (typeof body === 'string') return encode(body);
    if (body instanceof ArrayBuffer || ArrayBuffer.isView(body)) return bytesOf(body);
    if (!Object.keys(headers).some((name) => name.toLowerCase() === 'content-type')) {
      headers['content-type'] =
        body instanceof URLSearchParams ? 'application/x-www-form-urlencoded' : 'application/json';
    }
    return encode(body instanceof URLSearchParams ? body.toString() : JSON.stringify(body));
  }

  function request(url, { method = 'GET', headers = {}, body, timeoutMs = null } = {}) {
    const sent = { ...headers };
    const bytes = bodyOf(body, sent);
    const answer = ask(() => host.httpRequest(method, String(url), JSON.stringify(sent), bytes, timeoutMs));
    const content = Uint8Array.from(answer.body);
    return {
      status: answer.status,
      ok: answer.status >= 200 && answer.status < 300,
      headers: JSON.parse(answer.headersJson || '{}'),
      body: content,
      text: () => decode(content, false, false),
      json: () => JSON.parse(decode(content, false, false)),
    };
  }

  function parsed(text) {
    try {
      return JSON.parse(text);
    } catch {
      return text;
    }
  }

  const services = {
    http: request,
    log: globalThis.console,
    now: () => Number(host.nowMillis()),
    read: (path) => ask(() => host.workspaceRead(path)) ?? undefined,
    hasSecret: (name) => ask(() => host.secretExists(name)),
    invoke: (alias, args = {}) => parsed(ask(() => host.toolInvoke(alias, JSON.stringify(args)))),
  };

  function contextOf(text) {
    const value = text ? parsed(text) : undefined;
    return { ...services, request: value, operation: value?.capability_id?.split('.').slice(1).join('.') };
  }

  function failure(error) {
    const { kind = 'executor', code = null } = error instanceof ToolError ? error : {};
    if (!(error instanceof ToolError)) console.error(error);
    const message = error instanceof Error ? error.message : show(error);
    return { tag: 'failure', val: { kind, code, message } };
  }

  const PROMISED = 'returned a promise: a tool must be synchronous, and every call of the host is';

  function settle(value, name) {
    if (typeof value?.then === 'function') throw new ToolError(`${name} ${PROMISED}`);
    return value;
  }

  // A function, because a method written `async run()` has no other mark.
  const isAsync = (value) => /^Async|^Generator/.test(value?.constructor?.name ?? '');

  function mustBe(holds, message) {
    if (!holds) throw new TypeError(message);
  }

  function mustBeSynchronous(value, name) {
    mustBe(typeof value === 'function', `${name} must be a function`);
    mustBe(
      !isAsync(value),
      `${name} must be synchronous: drop async and await, every call of the host returns at once`,
    );
  }

  return {
    // For a source that exports `tool` itself.
    check(tool) {
      mustBe(typeof tool === 'object' && tool !== null, 'tool must be an object');
      for (const name of ['execute', 'schema', 'description']) mustBeSynchronous(tool[name], `tool.${name}`);
      built = true;
    },

    // For a source that exports description, parameters and run.
    wrap({ run, description, parameters = { type: 'object', properties: {} } }) {
      mustBeSynchronous(run, 'run');
      mustBe(typeof description === 'string' && description !== '', 'description must be a text');
      mustBe(typeof parameters === 'object' && parameters !== null, 'parameters must be a JSON schema');
      const schema = JSON.stringify(parameters);
      built = true;
      return {
        schema: () => schema,
        description: () => description,
        execute({ params, context }) {
          try {
            const result = settle(run(params ? JSON.parse(params) : {}, contextOf(context)), 'run');
            return {
              tag: 'success',
              val: typeof result === 'string' ? result : (JSON.stringify(result) ?? ''),
            };
          } catch (error) {
            return failure(error);
          }
        },
      };
    },
  };
});
