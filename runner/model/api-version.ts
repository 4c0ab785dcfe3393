/** The version of what extensions and xrun agree on: it grows when an extension written for the one before may fail. */
export const API_VERSION = 1;

/** What says of a definition what it is and which version of the API it was written for; `defineModule` and the like write it. */
export interface Stamp<Kind extends string> {
  readonly kind?: Kind;
  readonly api?: number;
}
