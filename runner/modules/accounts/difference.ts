import type { Script } from '../../model/script.ts';

/** One attribute of a user that differs, and how each kind of tools corrects it. */
export interface Difference {
  what: string;
  before: string | null;
  after: string | null;
  /** Options of useradd and usermod. */
  options: string[];
  /** The same without usermod. */
  scripts: Script[];
  /** What useradd and usermod have no option for, to be done behind them. */
  behind?: Script[];
  /** Homes, the old and the new one, that usermod moves. */
  moves?: string[];
}
