import { expect, it } from 'vitest';
import { envListSecrets, envSecrets } from '../../runner/modules/docker/values/env-secrets.ts';

it('knows secrets in an environment by names and addresses, and takes no setting for one', () => {
  const secret = {
    DB_PASSWORD: 'one',
    POSTGRES_PASS: 'two',
    apiKey: 'three',
    API_KEY: 'four',
    GITHUB_TOKEN: 'five',
    CLIENT_SECRET: 'six',
    PGPASSWORD: 'seven',
    REDIS_AUTH: 'eight',
  };
  expect(envSecrets(secret)).toEqual(Object.values(secret));
  expect(
    envSecrets({
      DB_PASSWORD_FILE: '/run/secrets/db',
      TOKEN_TTL: '3600',
      PASSWORD_REQUIRED: 'very',
      USE_TOKEN: 'true',
      KEYBOARD: 'us',
      MONKEY: 'none',
      PATH: '/bin',
      AUTHOR: 'me',
      KEY_ID: 'a1',
      SECRET_PORT: '80',
    }),
  ).toEqual([]);
  expect(envSecrets({ DATABASE: 'postgres://me:p%40ss@db/x redis://:more@r' })).toEqual([
    'p%40ss',
    'p@ss',
    'more',
    'more',
  ]);
  expect(envListSecrets(['A_TOKEN=x=y', 'B=1'])).toEqual(['x=y']);
  expect(envListSecrets(null)).toEqual([]);
});
