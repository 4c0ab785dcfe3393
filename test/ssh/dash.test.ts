import { contractOverSsh } from './contract.ts';

contractOverSsh('dash', '/bin/dash');
