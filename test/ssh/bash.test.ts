import { contractOverSsh } from './contract.ts';

contractOverSsh('bash', '/bin/bash');
