/** What one check of `xrun doctor` found. */
export interface Finding {
  /** A host of the inventory; undefined for the machine that xrun runs on. */
  host?: string;
  /** What was checked: `node`, `keys`, `sudo` ... */
  check: string;
  /** `failed`: a run cannot work. `warning`: some runs cannot. */
  status: 'ok' | 'warning' | 'failed';
  message: string;
  /** What to do; only where something is wrong. */
  fix?: string;
}

/** Something that is as it should be. */
export function fine(check: string, message: string): Finding {
  return { check, status: 'ok', message };
}

/** Something that some runs fail by. */
export function doubtful(check: string, message: string, fix: string): Finding {
  return { check, status: 'warning', message, fix };
}

/** Something that every run fails by. */
export function broken(check: string, message: string, fix?: string): Finding {
  return { check, status: 'failed', message, ...(fix !== undefined && { fix }) };
}
