import { expect, test } from 'vitest';
import { packages, recipeHash } from '../../lab/recipe.ts';
import { releases } from '../../lab/state.ts';

test('every release has an image of its own, and the same recipe has the same image', async () => {
  const hashes = await Promise.all(releases.map(recipeHash));
  expect(new Set(hashes).size).toBe(releases.length);
  expect(await Promise.all(releases.map(recipeHash))).toEqual(hashes);
});

test('each store is installed where its Docker can use it', () => {
  const stores = (release: (typeof releases)[number]) =>
    packages(release).filter((name) => /consul|etcd-server|zookeeper/.test(name));
  expect(stores('bullseye')).toEqual(['etcd-server', 'consul']);
  expect(stores('bookworm')).toEqual(['etcd-server', 'zookeeperd']);
});
