/** One model that a provider offers. */
export interface ModelListing {
  /** The provider's own name of it, as it stands after the slash of a reference. */
  readonly model: string;
  /** For people, where the provider gives one. */
  readonly title?: string;
  /** Tokens it can read and write together, where the provider says so. */
  readonly contextTokens?: number;
}
