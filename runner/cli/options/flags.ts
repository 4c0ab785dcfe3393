/** What commander hands over, by command. Names follow from the options in `program.ts`. */
export interface CommonFlags {
  verbose: number;
  color: boolean;
}

export interface InventoryFlags extends CommonFlags {
  inventory: string[];
  limit?: string;
  extraVars: string[];
  vaultPasswordFile: string[];
  askVaultPass?: boolean;
}

export interface ConnectionFlags {
  user?: string;
  privateKey?: string;
  askPass?: boolean;
  become?: boolean;
  becomeUser?: string;
  becomeMethod?: 'sudo' | 'su' | 'doas';
  askBecomePass?: boolean;
  sshConfig?: string;
  knownHosts?: string;
  acceptNew?: boolean;
  timeout?: number;
}

export interface OutputFlags extends CommonFlags {
  output?: OutputName;
  junit: string[];
  report: string[];
  jsonl: string[];
}

export const OUTPUTS = ['live', 'plain', 'jsonl', 'github'] as const;
/** One of {@link OUTPUTS}, or a plugin's reporter. */
export type OutputName = (typeof OUTPUTS)[number] | (string & {});

export interface RunFlags extends InventoryFlags, ConnectionFlags, OutputFlags {
  tags: string[];
  skipTags: string[];
  forks?: number;
  check?: boolean;
  diff?: boolean;
  detailedExitcode?: boolean;
  forceHandlers?: boolean;
  listHosts?: boolean;
  listTasks?: boolean;
  listTags?: boolean;
  startAtTask?: string;
  retryFailed?: boolean;
  step?: boolean;
}
