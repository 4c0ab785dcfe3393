import { join, resolve } from 'node:path';

/** The checkout this lab belongs to. */
export const checkout = resolve(import.meta.dirname, '..');

/** Images are shared by every checkout of the machine; XRUN_LAB_CACHE moves them. */
export const cacheDir = resolve(process.env['XRUN_LAB_CACHE'] ?? '/var/cache/xrun-lab');

/** State, keys and disks of the labs of this machine. */
export const labsDir = '/var/lib/xrun-lab';

/** Directory of one lab: state.json, keys, and a directory per host. */
export const labDir = (lab: string) => join(labsDir, lab);

/** Directory of one host: its disks, console.log and supervisor.pid. */
export const hostDir = (lab: string, host: string) => join(labsDir, lab, 'hosts', host);

/** Key and known_hosts as the inventory names them, inside the checkout. */
export const accessDir = (lab: string) => join(checkout, '.lab', lab);
