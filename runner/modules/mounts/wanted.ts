/** What a task asks for of a mount point, with every default. */
export interface Wanted {
  path: string;
  state: 'mounted' | 'present' | 'unmounted' | 'absent' | 'absent_from_fstab' | 'remounted' | 'ephemeral';
  src?: string | undefined;
  fstype?: string | undefined;
  opts: string;
  dump: number;
  passno: number;
  fstab: string;
  backup: boolean;
}
