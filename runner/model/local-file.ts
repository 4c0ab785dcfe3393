/** A file of the controller's. Content is read when it is needed, so that large files need no memory. */
export interface LocalFile {
  /** Absolute. */
  path: string;
  size: number;
  /** Hex. */
  sha256: string;
  /** Permission bits as octal, `0644`. */
  mode: string;
  /** Present for files up to 256 KiB, so that changes of them can be shown as text. */
  content?: Buffer;
  /** Of a tar of images: the text of its manifest.json. */
  manifest?: string;
}

/**
 * A directory of the controller's: all that is below it, by relative path; a directory before what is in it. One without
 * a mode has to be there, and nothing else about it matters.
 */
export interface LocalTree {
  path: string;
  mode?: string;
  files: { relative: string; file: LocalFile }[];
  directories: { relative: string; mode?: string }[];
  /** Empty where links were followed. */
  links: { relative: string; target: string }[];
}
