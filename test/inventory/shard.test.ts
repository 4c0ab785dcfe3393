import { expect, test } from 'vitest';
import { loadInventory } from '../../runner/inventory/load.ts';
import { sharding } from '../../runner/inventory/selection/shard.ts';

const names = Array.from({ length: 800 }, (_, i) => `web${i}`);
const inventory = await loadInventory(['one,'], { cwd: '/', playbookDirs: [] });

test('hosts spread evenly, by nothing but their names', () => {
  const of = sharding({ count: 8, by: 'host' }, inventory);
  const sizes = names.reduce((all, host) => all.with(of(host) - 1, all[of(host) - 1]! + 1), Array<number>(8).fill(0));
  expect(Math.min(...sizes)).toBeGreaterThan(70);
  expect(Math.max(...sizes)).toBeLessThan(130);
});

test('with one shard more, hosts move to it only', () => {
  const [before, after] = [8, 9].map((count) => sharding({ count, by: 'host' }, inventory)) as [
    (host: string) => number,
    (host: string) => number,
  ];
  const moved = names.filter((host) => before(host) !== after(host));
  expect(moved.length).toBeLessThan(130);
  expect(new Set(moved.map(after))).toEqual(new Set([9]));
});

test('by group: hosts that share a group stay together, also over a host that is in two', () => {
  const groups = new Map(
    Object.entries({ web: ['a', 'b'], both: ['b', 'c'], db: ['d', 'e'], all: ['a', 'b', 'c', 'd', 'e', 'f'] }).map(
      ([name, hosts]) => [name, { name, hosts, children: [] }],
    ),
  );
  for (const count of [2, 3, 5, 8]) {
    const of = sharding({ count, by: 'group' }, { ...inventory, groups });
    expect(new Set(['a', 'b', 'c'].map(of)).size).toBe(1);
    expect(of('d')).toBe(of('e'));
  }
});
