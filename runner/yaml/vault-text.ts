import type { Pos } from '../errors.ts';

/** What `!vault` tags: text encrypted by a vault. Variables decrypt it when it is read. */
export class VaultText {
  /** As written, from `$ANSIBLE_VAULT;` on. */
  readonly text: string;
  readonly at: Pos;

  constructor(text: string, at: Pos) {
    this.text = text;
    this.at = at;
  }
}
