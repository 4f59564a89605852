import type { JsonObject } from '../core/json.ts';
import type { AllowRule } from '../network/index.ts';

/** What the file beside a WASM binary says about it: checked, normalised, defaults filled in. */
export interface Manifest {
  readonly kind: 'tool' | 'channel';
  readonly name?: string | undefined;
  /** At most 4,096 characters. */
  readonly description?: string | undefined;
  readonly discoverySummary?: DiscoverySummary | undefined;
  readonly version?: string | undefined;
  /** The version of `near:agent` that the binary was built against. */
  readonly witVersion?: string | undefined;
  /** The binary that this manifest belongs to: 64 hexadecimal digits, lower case. */
  readonly sha256?: string | undefined;
  readonly capabilities: Capabilities;
  readonly auth?: Auth | undefined;
  readonly setup?: Setup | undefined;
  /** Handed to a channel as it starts. */
  readonly config?: JsonObject | undefined;
}

/** Help for a model that is about to call the tool. */
export interface DiscoverySummary {
  readonly alwaysRequired: readonly string[];
  readonly conditionalRequirements: readonly string[];
  readonly notes: readonly string[];
  readonly examples: readonly JsonObject[];
}

/** What an extension may reach. Empty lists and `null` mean: nothing. */
export interface Capabilities {
  readonly http: HttpCapability | null;
  readonly secrets: {
    /** Globs; whether secrets with such names exist may be asked, never for their values. */
    readonly allowedNames: readonly string[];
  };
  readonly toolInvoke: ToolInvokeCapability | null;
  readonly workspace: {
    /** Relative paths, without `..`; one of these or what lies below it may be read. */
    readonly allowedPrefixes: readonly string[];
  };
  readonly webhook: Webhook | null;
  readonly websocket: Websocket | null;
  readonly channel: ChannelCapability | null;
}

/** Never without rules: a manifest that allows no request has `null` in its place. */
export interface HttpCapability {
  readonly allowlist: readonly AllowRule[];
  readonly credentials: readonly Credential[];
  readonly rateLimit: RateLimit;
  readonly maxRequestBytes: number;
  readonly maxResponseBytes: number;
  readonly timeoutMs: number;
}

export interface RateLimit {
  readonly perMinute: number;
  readonly perHour: number;
}

/** A secret that the host puts into requests; the extension never sees it. */
export interface Credential {
  readonly key: string;
  readonly secretName: string;
  readonly location: CredentialLocation;
  /** Exact hosts, or `*.suffix` for sub-domains; never empty. */
  readonly hostPatterns: readonly string[];
  /** Globs over the whole normalised path, with `*` for any characters; empty: every path. */
  readonly pathPatterns: readonly string[];
  /** Whether requests go out without it where the secret is not there. */
  readonly optional: boolean;
}

export type CredentialLocation =
  | { readonly type: 'bearer' }
  | { readonly type: 'basic'; readonly username: string }
  | { readonly type: 'header'; readonly name: string; readonly prefix?: string }
  | { readonly type: 'query_param'; readonly name: string }
  | {
      readonly type: 'url_path';
      /** With its braces: `{TOKEN}`. */
      readonly placeholder: string;
    };

/** Never without aliases: `null` stands in its place. */
export interface ToolInvokeCapability {
  /** What the extension calls a tool, to the tool's name. Without a prototype, so that any name may be looked up. */
  readonly aliases: Readonly<Record<string, string>>;
  readonly rateLimit: RateLimit;
}

/** How a request from outside proves where it comes from. */
export interface Webhook {
  readonly secretHeader?: string | undefined;
  readonly secretName?: string | undefined;
  /** Holds an Ed25519 public key. */
  readonly signatureKeySecretName?: string | undefined;
  readonly hmacSecretName?: string | undefined;
  readonly hmacSignatureHeader?: string | undefined;
  readonly hmacTimestampHeader?: string | undefined;
  readonly hmacPrefix?: string | undefined;
  /** Whether the host compares the secret before the extension sees the request. */
  readonly managedByHost: boolean;
  /** Empty: POST alone. */
  readonly methods: readonly string[];
}

/** A connection that the host keeps open for a channel. */
export interface Websocket {
  /** https or wss. */
  readonly url?: string | undefined;
  /** Where the service may direct the connection: exact hosts or `*.suffix`. */
  readonly connectHosts: readonly string[];
  readonly connectOnStart: boolean;
  /** The rest of the section: it belongs to the service's protocol. */
  readonly settings: JsonObject;
}

export interface ChannelCapability {
  /** Paths on our own server under which the channel may be reached. */
  readonly allowedPaths: readonly string[];
  readonly allowPolling: boolean;
  readonly minPollIntervalMs: number;
  readonly workspacePrefix?: string | undefined;
  /** What of its notes outlives a restart. */
  readonly durableWorkspacePaths: readonly string[];
  readonly emitRateLimit: RateLimit;
  readonly maxMessageBytes: number;
  readonly callbackTimeoutMs: number;
}

/** How a person gets the secret that the extension needs. */
export interface Auth {
  readonly secretName: string;
  readonly displayName?: string | undefined;
  readonly oauth?: OAuth | undefined;
  readonly instructions?: string | undefined;
  readonly setupUrl?: string | undefined;
  readonly tokenHint?: string | undefined;
  readonly envVar?: string | undefined;
  readonly provider?: string | undefined;
  readonly validation?: ValidationEndpoint | undefined;
  readonly optional: boolean;
}

export interface OAuth {
  readonly authorizationUrl: string;
  readonly tokenUrl: string;
  readonly clientId?: string | undefined;
  readonly clientIdEnv?: string | undefined;
  readonly clientSecret?: string | undefined;
  readonly clientSecretEnv?: string | undefined;
  readonly scopes: readonly string[];
  readonly usePkce: boolean;
  readonly extraParams: Readonly<Record<string, string>>;
  readonly pendingInstructions?: string | undefined;
  readonly accessTokenField: string;
}

/** A request that shows whether a secret works. */
export interface ValidationEndpoint {
  readonly url: string;
  readonly method: string;
  readonly successStatus: number;
  readonly headers: Readonly<Record<string, string>>;
}

/** What a person is asked for as the extension is set up. */
export interface Setup {
  readonly secrets: readonly SetupSecret[];
  readonly fields: readonly SetupField[];
  /** Secrets that also go into the channel's `config`. */
  readonly secretConfigMappings: readonly { readonly configKey: string; readonly secretName: string }[];
  /** May hold `{secret_name}`. */
  readonly validationEndpoint?: string | undefined;
  readonly setupUrl?: string | undefined;
}

export interface SetupSecret {
  readonly name: string;
  readonly prompt: string;
  readonly optional: boolean;
  /** A regular expression, as its author wrote it: it may be slow, or none at all. */
  readonly validation?: string | undefined;
  /** Bytes of randomness to make where the person gives none. */
  readonly autoGenerateBytes?: number | undefined;
}

export interface SetupField {
  readonly name: string;
  readonly prompt: string;
  readonly optional: boolean;
  readonly inputType: 'text' | 'password' | 'select';
  readonly default?: string | undefined;
  readonly options: readonly { readonly value: string; readonly label: string }[];
  readonly settingPath?: string | undefined;
}

export const NO_CAPABILITIES: Capabilities = {
  http: null,
  secrets: { allowedNames: [] },
  toolInvoke: null,
  workspace: { allowedPrefixes: [] },
  webhook: null,
  websocket: null,
  channel: null,
};

/** What holds for a tool without a manifest: it may compute, and nothing else. */
export const EMPTY_MANIFEST: Manifest = { kind: 'tool', capabilities: NO_CAPABILITIES };
