import { contractOverSsh } from './contract.ts';

contractOverSsh('busybox', '/bin/busybox');
