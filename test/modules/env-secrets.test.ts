import { expect, it } from 'vitest';
import type { AnyModule } from '../../runner/model/module.ts';
import { envListSecrets, envSecrets } from '../../runner/modules/docker/values/env-secrets.ts';
import { loadModule } from '../../runner/modules/registry.ts';

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

it('the hash that a server is given of a password is as secret as the password', async () => {
  const module = (await loadModule('mysql_user')) as AnyModule;
  const args = module.args.parse({ name: 'shop', password: 'letmein' });
  // SELECT PASSWORD('letmein')
  expect(module.secrets?.(args as never)).toEqual(['letmein', 'D37C49F9CBEFBF8B6F4B165AC703AA271E079004']);
});
