import type { JsonObject } from '../../core/json.ts';

/** A tool that talks to one service, in the wrapper that most of them have. */
export const GITHUB: JsonObject = {
  capabilities: {
    http: {
      allowlist: [{ host: 'api.github.com', path_prefix: '/' }],
      credentials: {
        github_token: {
          secret_name: 'github_token',
          location: { type: 'header', header_name: 'Authorization', prefix: 'Bearer ' },
          host_patterns: ['api.github.com'],
        },
      },
      rate_limit: { requests_per_minute: 60, requests_per_hour: 3600 },
    },
    secrets: { allowed_names: ['github_token', 'github_*'] },
  },
  config: { default_limit: 30 },
};

/** Everything a tool may ask for, without a wrapper. */
export const EVERYTHING: JsonObject = {
  name: 'everything',
  description: 'Uses all there is.',
  version: '1.2.3',
  wit_version: '0.4.1',
  sha256: `sha256:${'AB'.repeat(32)}`,
  discovery_summary: { always_required: ['action'], notes: ['Read-only.'], examples: [{ action: 'scan' }] },
  http: {
    allowlist: [
      { host: 'API.Example.com', path_prefix: '/v1/./things', methods: ['get', 'POST', 'GET'] },
      { host: '*.example.org' },
    ],
    credentials: {
      a: { secret_name: 'A_KEY', location: { type: 'bearer' }, host_patterns: ['api.example.com'] },
      b: {
        secret_name: 'b',
        location: { type: 'authorization_basic', username: 'me' },
        host_patterns: ['x.example.org'],
        path_patterns: ['/v1/*'],
        optional: true,
      },
      c: { secret_name: 'c', location: { type: 'query', name: 'ak' }, host_patterns: ['*.example.org'] },
      d: {
        secret_name: 'd',
        location: { type: 'url_path', placeholder: 'TOKEN' },
        host_patterns: ['x.example.org'],
      },
      e: { secret_name: 'e', location: 'authorization_bearer', host_patterns: ['x.example.org'] },
    },
    max_request_bytes: 1000,
    max_response_bytes: 2000,
    timeout_secs: 15,
  },
  secrets: { allowed_names: ['github_**'] },
  tool_invoke: { aliases: { search: 'memory_search' }, rate_limit: { requests_per_minute: 10 } },
  workspace: { allowed_prefixes: ['projects/', 'notes.md'] },
  auth: {
    secret_name: 'A_KEY',
    display_name: 'Example',
    oauth: {
      authorization_url: 'https://example.com/authorize',
      token_url: 'https://example.com/token',
      client_id_env: 'EXAMPLE_ID',
      scopes: ['https://example.com/auth/read'],
      use_pkce: false,
      extra_params: { access_type: 'offline' },
    },
    validation_endpoint: { url: 'https://example.com/me', success_status: 204 },
  },
  setup: {
    required_secrets: [{ name: 'A_KEY', prompt: 'The key', auto_generate: { length: 64 } }],
    optional_secrets: [{ name: 'b', prompt: 'Another' }],
    required_fields: [
      {
        name: 'mode',
        prompt: 'Mode',
        input_type: 'select',
        default: 'fast',
        options: [{ value: 'fast', label: 'Fast' }, { value: 'slow' }],
      },
    ],
    secret_config_mappings: [{ config_key: 'key', secret_name: 'A_KEY' }],
    validation_endpoint: 'https://example.com/bot{A_KEY}/me',
  },
};

export const CHANNEL: JsonObject = {
  type: 'channel',
  name: 'example',
  description: 'Messages from a service.',
  capabilities: {
    http: { allowlist: [{ host: 'api.example.com', path_prefix: '/bot' }], max_response_bytes: 52_428_800 },
    websocket: {
      url: 'https://open.example.com',
      allowed_connect_hosts: ['*.example.com'],
      connect_on_start: true,
      protocol: 'example_event',
    },
    channel: {
      allowed_paths: ['/webhook/example'],
      allow_polling: true,
      min_poll_interval_ms: 1000,
      workspace_prefix: 'channels/example/',
      emit_rate_limit: { messages_per_minute: 50 },
      callback_timeout_secs: 45,
      durable_workspace_paths: ['state/threads'],
      webhook: { secret_header: 'X-Example-Secret', secret_name: 'example_webhook_secret' },
    },
  },
  config: { owner_id: null, allow_from: [] },
};
